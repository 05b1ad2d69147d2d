/** Fines, tolls, damage: what comes on top of the price; the card that was kept is asked for it. */
import { useRef, useState } from "preact/hooks";
import { addCharges, type ChargeLine } from "../../../api/care";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { type Faults, useFaults } from "../parts/use-faults";
import { type ActProps, useReread } from "./act";
import { LineFields } from "./line-fields";
import { lineFaults, MOST_LINES, newLine, toSend, totalOf, type TypedLine } from "./charge-lines";

export function ChargesDialog({ rental, look, onClose, onDone }: ActProps) {
  const { t, lookUp, money } = useCareWords();
  const { token } = useSession();
  const { currency } = rental.price.total;
  const [lines, setLines] = useState<TypedLine[]>([newLine(1)]);
  const next = useRef(2);
  const list = useRef<HTMLDivElement>(null);
  const action = useAction(async (sent: ChargeLine[], key: string) => {
    const { amount, asked, due } = await addCharges(token, rental.reference, sent, key);
    return [
      t("charges.done", { amount: money(amount) }),
      ...(asked.amount > 0 ? [t("charges.asked", { amount: money(asked) })] : []),
      leftText(due.amount, asked.amount, money(due)),
    ];
  }, onDone);
  const leftText = (due: number, asked: number, amount: string) => {
    if (due > 0) return t("charges.due", { amount });
    return t(asked > 0 ? "charges.nothing_due" : "take.nothing_left");
  };
  useReread(action.problem, look);
  const { faults, check } = useFaults(action.problem, controlsOf(lines), (code) =>
    lookUp(`charges.refused.${code}`),
  );
  const submit = (form: HTMLFormElement) => {
    const found: Record<string, string> = {};
    for (const line of lines) {
      for (const what of lineFaults(line, currency)) {
        found[`line-${what}-${line.id}`] = t(`charges.fault.${what}`);
      }
    }
    if (check(form, found)) void action.run(toSend(lines, currency));
  };
  const change = (changed: TypedLine) =>
    setLines(lines.map((line) => (line.id === changed.id ? changed : line)));
  const add = () => {
    const id = next.current++;
    setLines([...lines, newLine(id)]);
    requestAnimationFrame(() => document.getElementById(`line-purpose-${id}`)?.focus());
  };
  const remove = (id: number) => {
    setLines(lines.filter((line) => line.id !== id));
    list.current?.focus();
  };
  const total = totalOf(lines, currency);
  const shownTotal = money({ amount: total, currency });
  return (
    <ActionDialog
      title={t("charges.title")}
      label={total ? t("charges.label", { amount: shownTotal }) : t("charges.title")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <p class="muted">
        {t(rental.payment.method === "card" ? "charges.about_card" : "charges.about")}
      </p>
      <fieldset class="stack" disabled={action.problem?.outcomeUnknown ?? false}>
        <div class="stack" ref={list} tabIndex={-1} role="group" aria-label={t("charges.lines")}>
          {lines.map((line, index) => (
            <LineFields
              key={line.id}
              line={line}
              number={index + 1}
              currency={currency}
              faults={faultsOf(faults, line)}
              onChange={change}
              onRemove={lines.length > 1 ? () => remove(line.id) : null}
            />
          ))}
        </div>
        {lines.length < MOST_LINES && (
          <button type="button" class="button button-quiet button-small" onClick={add}>
            {t("charges.add_line")}
          </button>
        )}
      </fieldset>
      <p role="status">
        <strong>{t("charges.total", { amount: shownTotal })}</strong>
      </p>
    </ActionDialog>
  );
}

function controlsOf(lines: readonly TypedLine[]): Record<string, string> {
  return Object.fromEntries(
    lines.flatMap(({ id }, index) => [
      [`lines.${index}.purpose`, `line-purpose-${id}`],
      [`lines.${index}.description`, `line-description-${id}`],
      [`lines.${index}.quantity`, `line-quantity-${id}`],
      [`lines.${index}.unit_amount`, `line-amount-${id}`],
    ]),
  );
}

const faultsOf = (faults: Faults, { id }: TypedLine) => (what: string) =>
  faults[`line-${what}-${id}`];
