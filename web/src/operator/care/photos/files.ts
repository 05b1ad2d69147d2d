/** Which files the API takes as photos, and what a photo can be of. */
import type { PhotoKind } from "../../../api/care";
import type { Rental, RentalPhotos } from "../../../api/types";

export const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export const MOST_BYTES = 8 * 1024 * 1024;

export type FileFault = "type" | "size" | "empty";

export function faultOf({ type, size }: Pick<File, "type" | "size">): FileFault | null {
  if (!PHOTO_TYPES.some((each) => each === type)) return "type";
  if (size === 0) return "empty";
  return size > MOST_BYTES ? "size" : null;
}

/** `check_out`, `check_in`, or `damage-2`: one choice of a list. */
export type Subject = "check_out" | "check_in" | `damage-${number}`;

/** Only what has happened can be seen: cars leave, come back, and have been damaged. */
export function subjectsOf(
  { status, timeline }: Pick<Rental, "status" | "timeline">,
  { damages }: Pick<RentalPhotos, "damages">,
): Subject[] {
  if (status !== "CHECKED_OUT" && status !== "COMPLETED") return [];
  const isBack = status === "COMPLETED" || wasExchanged({ timeline });
  return [
    "check_out",
    ...(isBack ? (["check_in"] as const) : []),
    ...damages.map(({ number }): Subject => `damage-${number}`),
  ];
}

/** Then there is more than one car, and a photo may be of either. */
export const wasExchanged = ({ timeline }: Pick<Rental, "timeline">) =>
  timeline.some(({ event }) => event === "EXCHANGED");

export function queryOf(subject: Subject, plate: string): {
  kind: PhotoKind;
  damage: number | null;
  plate: string;
} {
  if (subject === "check_out" || subject === "check_in") {
    return { kind: subject, damage: null, plate };
  }
  return { kind: "damage", damage: Number(subject.slice("damage-".length)), plate };
}
