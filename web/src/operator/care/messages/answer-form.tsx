/** The branch's answer to the renter, who is e-mailed it. */
import { useState } from "preact/hooks";
import { answerMessage } from "../../../api/care";
import { ProblemNotice } from "../../../shared/ui/notice";
import { TextArea } from "../../../shared/ui/text-area";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import type { Told } from "../parts/told";
import { useFaults } from "../parts/use-faults";

const LONGEST = 2000;
const CONTROLS = { text: "care-answer" };

interface FormProps {
  reference: string;
  onDone: (told: Told) => void;
}

export function AnswerForm({ reference, onDone }: FormProps) {
  const { t, lookUp } = useCareWords();
  const { token } = useSession();
  const [text, setText] = useState("");
  const action = useAction(
    // The last message again is the last message: sent twice, it stands there once.
    (written: string) => answerMessage(token, reference, written),
    () => {
      setText("");
      onDone([t("messages.sent")]);
    },
  );
  const { faults, check } = useFaults(action.problem, CONTROLS, (code) =>
    lookUp(`messages.refused.${code}`),
  );
  return (
    <form
      class="stack"
      noValidate
      aria-busy={action.pending}
      onSubmit={(event) => {
        event.preventDefault();
        const found = { "care-answer": text.trim() ? undefined : t("fault.text") };
        if (check(event.currentTarget, found)) void action.run(text.trim());
      }}
    >
      <TextArea
        id="care-answer"
        label={t("messages.answer")}
        hint={t("messages.answer_hint")}
        value={text}
        maxLength={LONGEST}
        fault={faults["care-answer"]}
        onText={setText}
      />
      {action.problem && <ProblemNotice problem={action.problem} />}
      <button type="submit" class="button button-primary" disabled={action.pending}>
        {action.pending && <span class="spinner" aria-hidden="true" />}
        {t("messages.send")}
      </button>
    </form>
  );
}
