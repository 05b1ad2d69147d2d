/** A confirmed rental as an iCalendar event (RFC 5545), made on the device. */
import type { Rental } from "../../api/types";

const utc = (iso: string) => `${new Date(iso).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

const escapeText = (text: string) =>
  text
    .replace(/\\/g, "\\\\")
    .replace(/[,;]/g, (mark) => `\\${mark}`)
    .replace(/\r?\n/g, "\\n");

/** Lines are at most 75 octets; a longer one goes on after a line break and a space. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  const lines: string[] = [];
  let current = "";
  for (const character of line) {
    if (encoder.encode(current + character).length > 74) {
      lines.push(current);
      current = " ";
    }
    current += character;
  }
  return [...lines, current].join("\r\n");
}

export function calendarFile(
  rental: Rental,
  { summary, address }: { summary: string; address: string },
  now = new Date(),
): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//RentACar//Renter//EN",
    "BEGIN:VEVENT",
    `UID:${rental.reference}@rentacar`,
    `DTSTAMP:${utc(now.toISOString())}`,
    `DTSTART:${utc(rental.pickup.at)}`,
    `DTEND:${utc(rental.return.at)}`,
    `SUMMARY:${escapeText(summary)}`,
    `LOCATION:${escapeText(rental.pickup.branch_name)}`,
    `URL:${address}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}
