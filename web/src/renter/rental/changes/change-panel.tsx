/** Changing a rental: where and when, which car, what with it; then the deed. */
import { useRef, useState } from "preact/hooks";
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Changed } from "./changed";
import { Changing } from "./changing";
import { type Done, mayChange } from "./difference";

export interface ChangePanelProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

export function ChangePanel({ rental, token, refresh }: ChangePanelProps) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  if (!mayChange(rental)) return null;

  const finish = (changed: Done) => {
    setDone(changed);
    setOpen(false);
    refresh();
  };
  const toggle = () => {
    setDone(null);
    setOpen(!open);
    opener.current?.focus();
  };
  return (
    <section class="card change" aria-labelledby="change-title">
      <h2 id="change-title">{t("change.title")}</h2>
      {done && <Changed {...done} rental={rental} refresh={refresh} />}
      {!open && !done && <p class="muted">{t("change.lead")}</p>}
      <button
        ref={opener}
        type="button"
        class="button button-quiet"
        aria-expanded={open}
        onClick={toggle}
      >
        {open ? t("change.close") : t("change.open")}
      </button>
      {open && <Changing rental={rental} token={token} refresh={refresh} onDone={finish} />}
    </section>
  );
}
