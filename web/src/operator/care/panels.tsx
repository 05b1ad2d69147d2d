/** What stands on a rental's page beside its handover: money, messages, photos, who did what. */
import { useState } from "preact/hooks";
import type { Rental } from "../../api/types";
import { AuditPanel } from "./audit/audit-panel";
import { MessagesPanel } from "./messages/messages-panel";
import { MoneyPanel } from "./money/money-panel";
import { PhotosPanel } from "./photos/photos-panel";

export interface PanelsProps {
  rental: Rental;
  /** Something has changed: the page reads the rental anew. */
  refresh: () => void;
}

export function Panels({ rental, refresh }: PanelsProps) {
  const [round, setRound] = useState(0);
  const changed = () => setRound((old) => old + 1);
  const refreshAll = () => {
    changed();
    refresh();
  };
  return (
    <div class="care-panels" key={rental.reference}>
      <MoneyPanel rental={rental} look={refresh} changed={refreshAll} />
      <MessagesPanel rental={rental} changed={changed} />
      <PhotosPanel rental={rental} changed={changed} />
      <AuditPanel rental={rental} round={round} />
    </div>
  );
}
