/** Make a promo code or give it other rules. */
import { useState } from "preact/hooks";
import { type PromoCode, type PromoCodeRules, putPromoCode } from "../../../api/fleet";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { branchOptions, type Catalogue, classOptions } from "../parts/catalogue";
import { useFaults } from "../parts/use-faults";
import { CheckList } from "./check-list";
import { PromoFields } from "./promo-fields";
import { checkRules, emptyRules, readRules, rulesOf, type TypedRules } from "./rules";

interface DialogProps {
  /** Null: a new one. */
  promo: PromoCode | null;
  taken: readonly string[];
  currencies: readonly string[];
  catalogue: Catalogue;
  zone: string;
  onClose: () => void;
  onDone: (promo: PromoCode) => void;
}

const CONTROLS = {
  basis_points: "value",
  amount: "value",
  valid_from: "valid_from",
  valid_until: "valid_until",
  pickup_from: "pickup_from",
  pickup_until: "pickup_until",
  minimum_days: "minimum_days",
  usage_limit: "usage_limit",
  reason: "reason",
} as const;

export function PromoDialog(props: DialogProps) {
  const { promo, taken, currencies, catalogue, zone, onClose, onDone } = props;
  const { t, locale } = useFleetWords();
  const { token } = useSession();
  const usual = currencies[0] ?? "BRL";
  const [typed, setTyped] = useState<TypedRules>(() =>
    promo ? readRules(promo, zone, locale, usual) : emptyRules(usual),
  );
  const action = useAction<PromoCodeRules, PromoCode>(
    (rules) => putPromoCode(token, typed.code, rules),
    onDone,
  );
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const change = (part: Partial<TypedRules>) => {
    clear();
    setTyped({ ...typed, ...part });
  };
  const submit = (form: HTMLFormElement) =>
    check(form, checkRules(typed, promo ? [] : taken), () => {
      void action.run(rulesOf(typed, zone));
    });
  return (
    <ActionDialog
      title={promo ? t("promo.change_of", { code: promo.code }) : t("promo.new")}
      label={t("save")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      {!promo && (
        <TextField
          id="code"
          label={t("promo.code")}
          hint={t("promo.code_hint")}
          value={typed.code}
          fault={faults["code"]}
          maxLength={24}
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          required
          onText={(text) => change({ code: text.toUpperCase().replace(/[^A-Z0-9_-]/g, "") })}
        />
      )}
      <PromoFields
        typed={typed}
        faults={faults}
        currencies={currencies}
        zone={zone}
        change={change}
      />
      <CheckList
        title={t("promo.classes")}
        every={t("filter.every_class")}
        options={classOptions(catalogue)}
        chosen={typed.classes}
        onChoose={(classes) => change({ classes })}
      />
      <CheckList
        title={t("promo.branches")}
        every={t("filter.every_branch")}
        options={branchOptions(catalogue.branches)}
        chosen={typed.branches}
        onChoose={(branches) => change({ branches })}
      />
      <TextField
        id="reason"
        label={t("new_card.reason")}
        optional={t("optional")}
        hint={t("reason.hint")}
        value={typed.reason}
        fault={faults["reason"]}
        maxLength={500}
        autoComplete="off"
        onText={(reason) => change({ reason })}
      />
    </ActionDialog>
  );
}
