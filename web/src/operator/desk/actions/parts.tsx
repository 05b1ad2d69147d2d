/** What the desk's dialogs share: how they end, and the controls that more than one of them has. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiProblem } from "../../../api/client";
import type { Rental } from "../../../api/types";
import { asProblem } from "../../../shared/load";
import { faultsByControl } from "../../../shared/problem";
import { Field, focusFirstFault } from "../../../shared/ui/field";
import { TextArea } from "../../../shared/ui/text-area";
import { type Action, useAction } from "../../parts/use-action";
import { useDeskWords } from "../i18n";

export interface Outcome {
  tone: "success" | "warning" | "danger";
  title: string;
  text?: string;
  detail?: ComponentChildren;
}

export interface DialogParts {
  rental: Rental;
  onClose: () => void;
  /** It is done, or cannot be done any more: the page tells so and reads the rental anew. */
  onEnd: (outcome: Outcome) => void;
}

/** An action of the counter. When the rental has moved on, its dialog is of no use any more. */
export function useDeed<Input, Result>(
  { onEnd }: DialogParts,
  act: (input: Input) => Promise<Result>,
  done: (result: Result) => void,
  refused: "refused.text" | "refused.no_show" = "refused.text",
): Action<Input> {
  const { t } = useDeskWords();
  return useAction<Input, Result>(async (input) => {
    try {
      return await act(input);
    } catch (error) {
      if (asProblem(error).code === "illegal_transition") {
        onEnd({ tone: "warning", title: t("refused.title"), text: t(refused) });
      }
      throw error;
    }
  }, done);
}

export type Faults = Record<string, string | undefined>;

/** Faults found here before anything is sent, and those that the server found, until mended. */
export function useFaults(
  problem: ApiProblem | null,
  controls: Readonly<Record<string, string>>,
): { faults: Faults; check: (found: Faults, form: HTMLElement) => boolean } {
  const { lookUp } = useDeskWords();
  const [own, setOwn] = useState<Faults>({});
  const [mended, setMended] = useState<readonly string[]>([]);
  const theirs = problem ? faultsByControl(problem.errors, controls, lookUp) : {};
  useEffect(() => {
    setMended([]);
    if (problem?.errors.length) focusFirstFault(document.querySelector("dialog[open]"));
  }, [problem]);
  // Controls must take `input` too, not `change`: what this draws meanwhile has their old value.
  useEffect(() => {
    const form = document.querySelector("dialog[open]");
    const mend = ({ target }: Event) => {
      if (target instanceof Element) setMended((old) => [...old, target.id]);
    };
    form?.addEventListener("input", mend);
    return () => form?.removeEventListener("input", mend);
  }, []);
  const check = (found: Faults, form: HTMLElement) => {
    setOwn(found);
    setMended([]);
    const isFaulty = Object.values(found).some(Boolean);
    if (isFaulty) focusFirstFault(form);
    return !isFaulty;
  };
  const all = Object.entries({ ...theirs, ...own });
  return { faults: Object.fromEntries(all.filter(([id]) => !mended.includes(id))), check };
}

const EIGHTHS = [8, 7, 6, 5, 4, 3, 2, 1, 0];

interface FuelProps {
  id: string;
  label: string;
  hint?: string | undefined;
  value: string;
  fault?: string | undefined;
  onChoose: (eighths: string) => void;
}

/** Without a choice of its own for a car that comes back: nobody should wave it through as full. */
export function FuelField({ id, label, hint, value, fault, onChoose }: FuelProps) {
  const { t, lookUp } = useDeskWords();
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {(described) => (
        <select
          {...described}
          value={value}
          onInput={(event) => onChoose(event.currentTarget.value)}
        >
          {value === "" && <option value="">{t("fuel.choose")}</option>}
          {EIGHTHS.map((eighths) => (
            <option key={eighths} value={String(eighths)}>
              {lookUp(`fuel.${eighths}`) ?? `${eighths}/8`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

const LONGEST_REASON = 500;

interface ReasonProps {
  id: string;
  label: string;
  hint?: string;
  value: string;
  fault?: string | undefined;
  required?: boolean;
  onText: (text: string) => void;
}

/** Kept in the audit and read by colleagues; one line, as the API wants it. */
export function ReasonField({ required, ...props }: ReasonProps) {
  const { t } = useDeskWords();
  return (
    <TextArea
      {...props}
      rows={2}
      maxLength={LONGEST_REASON}
      hint={props.hint ?? t("reason.hint")}
      optional={required ? undefined : t("optional")}
      onText={(text) => props.onText(text.replace(/[\r\n]+/g, " "))}
    />
  );
}
