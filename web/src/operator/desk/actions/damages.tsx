/** What is broken and what it costs, line by line. */
import { useRef } from "preact/hooks";
import { useDeskWords } from "../i18n";
import { TextField } from "../../../shared/ui/field";
import { parseAmount } from "../../parts/amount";
import type { Faults } from "./parts";
import type { DamageLine } from "./readings";

const MOST = 30;

interface DamagesProps {
  lines: readonly DamageLine[];
  currency: string;
  faults: Faults;
  onLines: (lines: DamageLine[]) => void;
}

export function Damages({ lines, currency, faults, onLines }: DamagesProps) {
  const { t, money } = useDeskWords();
  const adder = useRef<HTMLButtonElement>(null);
  const next = useRef(1);
  const add = () => onLines([...lines, { id: next.current++, description: "", amount: "" }]);
  const change = (line: DamageLine) =>
    onLines(lines.map((each) => (each.id === line.id ? line : each)));
  const remove = (line: DamageLine) => {
    onLines(lines.filter((each) => each.id !== line.id));
    adder.current?.focus();
  };
  const read = ({ amount }: DamageLine) => {
    const minor = parseAmount(amount, currency);
    return minor === null ? undefined : money({ amount: minor, currency });
  };
  return (
    <fieldset class="stack">
      <legend class="label">{t("damage.title")}</legend>
      {lines.map((line, index) => (
        <fieldset class="desk-damage" key={line.id}>
          <legend class="visually-hidden">{t("damage.line", { number: index + 1 })}</legend>
          <TextField
            id={`damage-${line.id}`}
            label={t("damage.description")}
            fault={faults[`damage-${line.id}`]}
            value={line.description}
            maxLength={500}
            autoComplete="off"
            onText={(description) => change({ ...line, description })}
          />
          <TextField
            id={`damage-amount-${line.id}`}
            label={t("damage.amount", { currency })}
            hint={read(line)}
            fault={faults[`damage-amount-${line.id}`]}
            value={line.amount}
            inputMode="text"
            autoComplete="off"
            maxLength={16}
            onText={(amount) => change({ ...line, amount })}
          />
          <button
            type="button"
            class="button button-quiet button-small"
            onClick={() => remove(line)}
          >
            {t("damage.remove", { number: index + 1 })}
          </button>
        </fieldset>
      ))}
      {lines.length < MOST && (
        <p>
          <button
            ref={adder}
            type="button"
            class="button button-quiet button-small"
            onClick={add}
          >
            {t("damage.add")}
          </button>
        </p>
      )}
    </fieldset>
  );
}
