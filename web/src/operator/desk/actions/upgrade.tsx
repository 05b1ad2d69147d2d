/** A better class ahead of time, at the price that was agreed. */
import { useState } from "preact/hooks";
import { listUpgrades, upgrade, type Upgrades } from "../../../api/desk";
import { Field } from "../../../shared/ui/field";
import { Notice } from "../../../shared/ui/notice";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useClassName } from "../class-name";
import { useDeskWords } from "../i18n";
import { Offered } from "./offered";
import { type DialogParts, ReasonField, useDeed, useFaults } from "./parts";
import { PlainDialog } from "./plain-dialog";

const CONTROLS = { class: "upgrade-class", reason: "reason" };

export function UpgradeDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Offered
      parts={parts}
      title={t("do.upgrade")}
      load={listUpgrades}
      draw={(options) =>
        options.classes.length > 0 ? (
          <Choosing parts={parts} options={options} />
        ) : (
          <PlainDialog title={t("do.upgrade")} onClose={parts.onClose}>
            <p>{t("upgrade.none")}</p>
          </PlainDialog>
        )
      }
    />
  );
}

function Choosing({ parts, options }: { parts: DialogParts; options: Upgrades }) {
  const { rental, onClose, onEnd } = parts;
  const { t, count } = useDeskWords();
  const { token } = useSession();
  const nameOf = useClassName();
  const [wanted, setWanted] = useState(options.classes[0]?.class ?? "");
  const [reason, setReason] = useState("");
  const action = useDeed(
    parts,
    () => upgrade(token, rental.reference, { class: wanted, reason: reason.trim() }),
    (upgraded) =>
      onEnd({ tone: "success", title: t("upgrade.done", { class: nameOf(upgraded.class) }) }),
  );
  const { faults, check } = useFaults(action.problem, CONTROLS);
  const submit = (form: HTMLFormElement) => {
    const found = { reason: reason.trim() ? undefined : t("fault.reason") };
    if (check(found, form)) void action.run(undefined);
  };
  return (
    <ActionDialog
      title={t("do.upgrade")}
      label={t("upgrade.submit")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>{t("upgrade.text", { class: nameOf(options.class) })}</p>
      {options.hours_short > 0 && (
        <Notice tone="warning">
          <p>{count("upgrade.short", options.hours_short)}</p>
        </Notice>
      )}
      <Field id="upgrade-class" label={t("upgrade.class")} fault={faults["upgrade-class"]}>
        {(described) => (
          <select
            {...described}
            value={wanted}
            onInput={(event) => setWanted(event.currentTarget.value)}
          >
            {options.classes.map((each) => (
              <option key={each.class} value={each.class}>
                {count("upgrade.option", each.available, { class: nameOf(each.class) })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <ReasonField
        id="reason"
        label={t("reason.label")}
        required
        value={reason}
        fault={faults["reason"]}
        onText={setReason}
      />
    </ActionDialog>
  );
}
