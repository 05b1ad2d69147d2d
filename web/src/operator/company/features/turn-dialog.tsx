/** Asks before a feature is turned; what stops the trade wants a word more. */
import { useState } from "preact/hooks";
import { type Switch, turnSwitch } from "../../../api/company";
import { focusFirstFault } from "../../../shared/ui/field";
import { Icon } from "../../../shared/ui/icon";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { isDangerous, wordsOf } from "./switches";

interface TurnDialogProps {
  feature: Switch;
  seconds: number;
  /** After a failure the page may be out of date. */
  onClose: (failed: boolean) => void;
  onTurned: (now: Switch) => void;
}

export function TurnDialog({ feature, seconds, onClose, onTurned }: TurnDialogProps) {
  const { t, count, lookUp } = useCompanyWords();
  const { token } = useSession();
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState(false);
  const { name, enabled, conditional, description } = feature;
  const turn = useAction(() => turnSwitch(token, name, !enabled), onTurned);
  const dangerous = isDangerous(feature);
  const title = lookUp(`switch.${name}`) ?? name;
  const submit = (form: HTMLFormElement) => {
    if (!dangerous || sure) return void turn.run(null);
    setFault(true);
    focusFirstFault(form);
  };
  return (
    <ActionDialog
      title={t(enabled ? "features.ask_off" : "features.ask_on", { title })}
      action={turn}
      label={t(enabled ? "features.turn_off" : "features.turn_on")}
      danger={dangerous}
      onClose={() => onClose(turn.problem !== null)}
      onSubmit={submit}
    >
      <p>{lookUp(wordsOf(feature, !enabled)) ?? description}</p>
      {conditional && <p>{t("features.keeps_conditions")}</p>}
      <p class="muted">{count("features.effect", seconds)}</p>
      {dangerous && (
        <Sure
          checked={sure}
          fault={fault && !sure ? t("features.sure_fault") : undefined}
          onChange={setSure}
        />
      )}
      {turn.problem?.status === 503 && <p>{t("features.raced")}</p>}
    </ActionDialog>
  );
}

interface SureProps {
  checked: boolean;
  fault: string | undefined;
  onChange: (checked: boolean) => void;
}

function Sure({ checked, fault, onChange }: SureProps) {
  const { t } = useCompanyWords();
  return (
    <div class="field">
      <label class="choice">
        <input
          type="checkbox"
          name="sure"
          checked={checked}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? "sure-fault" : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        {t("features.sure")}
      </label>
      {fault && (
        <p class="fault" id="sure-fault">
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </div>
  );
}
