/** What stands on a rental's page after its handover and its money. */
import { useState } from "preact/hooks";
import type { Rental } from "../../api/types";
import { AuditPanel } from "./audit/audit-panel";
import { MessagesPanel } from "./messages/messages-panel";
import { PhotosPanel } from "./photos/photos-panel";

export interface PanelsProps {
  rental: Rental;
  /** Counts what was done on this page: who did what is read anew each time. */
  round: number;
  changed: () => void;
}

export function useRound(): Omit<PanelsProps, "rental"> {
  const [round, setRound] = useState(0);
  return { round, changed: () => setRound((old) => old + 1) };
}

export function Panels({ rental, round, changed }: PanelsProps) {
  return (
    <div class="care-panels" key={rental.reference}>
      <MessagesPanel rental={rental} changed={changed} />
      <PhotosPanel rental={rental} changed={changed} />
      <AuditPanel rental={rental} round={round} />
    </div>
  );
}
