/** Coverages and extras, each with its price; the total follows every choice. */
import type { CoverageOffer, ExtraOffer, Offer } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import type { Choices } from "./estimate";

interface ChoiceFieldsProps {
  offer: Offer;
  choices: Choices;
  onChange: (choices: Choices) => void;
}

export function ChoiceFields({ offer, choices, onChange }: ChoiceFieldsProps) {
  const { t } = useI18n();
  const toggleCoverage = (code: string, on: boolean) => {
    const others = choices.coverages.filter((each) => each !== code);
    onChange({ ...choices, coverages: on ? [...others, code] : others });
  };
  const setExtra = (code: string, quantity: number) =>
    onChange({ ...choices, extras: { ...choices.extras, [code]: quantity } });
  return (
    <>
      {offer.coverages.length > 0 && (
        <fieldset class="card group">
          <legend>{t("book.coverages")}</legend>
          {offer.coverages.map((coverage) => (
            <CoverageChoice
              key={coverage.code}
              coverage={coverage}
              chosen={choices.coverages.includes(coverage.code)}
              onToggle={(on) => toggleCoverage(coverage.code, on)}
            />
          ))}
        </fieldset>
      )}
      {offer.extras.length > 0 && (
        <fieldset class="card group">
          <legend>{t("book.extras")}</legend>
          {offer.extras.map((extra) => (
            <ExtraChoice
              key={extra.code}
              extra={extra}
              quantity={choices.extras[extra.code] ?? 0}
              onQuantity={(quantity) => setExtra(extra.code, quantity)}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

interface CoverageChoiceProps {
  coverage: CoverageOffer;
  chosen: boolean;
  onToggle: (on: boolean) => void;
}

function CoverageChoice({ coverage, chosen, onToggle }: CoverageChoiceProps) {
  const { t, money } = useI18n();
  return (
    <label class="option">
      <input
        type="checkbox"
        checked={chosen}
        onChange={(event) => onToggle(event.currentTarget.checked)}
      />
      <span class="option-text">
        <strong>{coverage.name}</strong>
        <span class="muted">
          {coverage.excess.amount === 0
            ? t("coverage.no_excess")
            : t("coverage.excess", { amount: money(coverage.excess) })}
        </span>
      </span>
      <span class="option-price">
        {t("price.per_day", { amount: money(coverage.unit_amount) })}
      </span>
    </label>
  );
}

interface ExtraChoiceProps {
  extra: ExtraOffer;
  quantity: number;
  onQuantity: (quantity: number) => void;
}

function ExtraChoice({ extra, quantity, onQuantity }: ExtraChoiceProps) {
  const { t, money } = useI18n();
  const amount = money(extra.unit_amount);
  const cost =
    extra.per === "day" ? t("price.per_day", { amount }) : t("price.per_rental", { amount });
  if (extra.maximum_quantity <= 1) {
    return (
      <label class="option">
        <input
          type="checkbox"
          checked={quantity > 0}
          onChange={(event) => onQuantity(event.currentTarget.checked ? 1 : 0)}
        />
        <span class="option-text">
          <strong>{extra.name}</strong>
        </span>
        <span class="option-price">{cost}</span>
      </label>
    );
  }
  const step = (by: number) =>
    onQuantity(Math.min(Math.max(quantity + by, 0), extra.maximum_quantity));
  return (
    <div class="option" role="group" aria-label={extra.name}>
      <span class="stepper">
        <button
          type="button"
          aria-label={t("extra.less", { name: extra.name })}
          disabled={quantity === 0}
          onClick={() => step(-1)}
        >
          −
        </button>
        <output aria-live="polite">{quantity}</output>
        <button
          type="button"
          aria-label={t("extra.more", { name: extra.name })}
          disabled={quantity >= extra.maximum_quantity}
          onClick={() => step(1)}
        >
          +
        </button>
      </span>
      <span class="option-text">
        <strong>{extra.name}</strong>
      </span>
      <span class="option-price">{cost}</span>
    </div>
  );
}
