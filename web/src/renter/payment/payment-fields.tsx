/** How to pay: the methods that are switched on, and the card field for a card. */
import type { Ref } from "preact";
import type { PaymentMethod } from "../../api/types";
import { type MessageKey, useI18n } from "../../shared/i18n";
import type { AddressField, AddressForm } from "./address";
import { AddressFields } from "./address-fields";
import { CardField, type CardHandle } from "./card-field";

/** The flags decide; a flag that the server does not know leaves its default. */
export function methodsOf(flags: Readonly<Record<string, boolean>>): PaymentMethod[] {
  if (flags["payments"] === false) return ["counter"];
  const methods: PaymentMethod[] = ["card"];
  if (flags["pix"]) methods.push("pix");
  if (flags["boleto"]) methods.push("boleto");
  return methods;
}

function aboutKey(method: Exclude<PaymentMethod, "card">, holds: boolean): MessageKey {
  return holds || method === "counter" ? `payment.about_${method}` : `payment.due_${method}`;
}

interface PaymentFieldsProps {
  methods: readonly PaymentMethod[];
  method: PaymentMethod;
  onMethod: (method: PaymentMethod) => void;
  card: Ref<CardHandle>;
  address: AddressForm;
  faults: Readonly<Record<string, string>>;
  onAddress: (field: AddressField, value: string) => void;
  disabled: boolean;
  /** Whether a car is held until the money has come. */
  holds?: boolean;
}

export function PaymentFields(props: PaymentFieldsProps) {
  const { methods, method, onMethod, card, disabled, address, faults, onAddress } = props;
  const { holds = true } = props;
  const { t } = useI18n();
  return (
    <fieldset class="card group">
      <legend>{t("payment.title")}</legend>
      {methods.length > 1 && (
        <div class="methods">
          {methods.map((each) => (
            <label key={each} class="method">
              <input
                type="radio"
                name="method"
                value={each}
                checked={method === each}
                disabled={disabled}
                onChange={() => onMethod(each)}
              />
              <span>{t(`method.${each}`)}</span>
            </label>
          ))}
        </div>
      )}
      {method === "card" ? (
        <CardField handle={card} disabled={disabled} />
      ) : (
        <p>{t(aboutKey(method, holds))}</p>
      )}
      {method === "boleto" && (
        <AddressFields address={address} faults={faults} onEdit={onAddress} />
      )}
    </fieldset>
  );
}
