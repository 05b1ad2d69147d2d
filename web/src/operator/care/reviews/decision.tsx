/** Shows a comment to everybody at once, or keeps it back for a reason; either can be undone. */
import { useState } from "preact/hooks";
import { approveComment, type ModeratedReview, rejectComment } from "../../../api/care";
import { TextField } from "../../../shared/ui/field";
import { ProblemNotice } from "../../../shared/ui/notice";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { LONGEST_REASON } from "../money/act";
import type { Told } from "../parts/told";
import { useFaults } from "../parts/use-faults";

interface DecisionProps {
  review: ModeratedReview;
  onDone: (told: Told) => void;
}

export function Decision({ review, onDone }: DecisionProps) {
  const { t } = useCareWords();
  const { token } = useSession();
  const { id, reference, status } = review;
  const [rejecting, setRejecting] = useState(false);
  const approval = useAction(
    () => approveComment(token, id),
    () => onDone([t("reviews.approved", { reference })]),
  );
  return (
    <div class="care-cell">
      <div class="actions">
        {status !== "APPROVED" && (
          <button
            type="button"
            class="button button-primary button-small"
            aria-label={t("reviews.approve_of", { reference })}
            disabled={approval.pending}
            onClick={() => void approval.run(undefined)}
          >
            {approval.pending && <span class="spinner" aria-hidden="true" />}
            {t("reviews.approve")}
          </button>
        )}
        {status !== "REJECTED" && (
          <button
            type="button"
            class="button button-danger button-small"
            aria-label={t("reviews.reject_of", { reference })}
            aria-haspopup="dialog"
            onClick={() => setRejecting(true)}
          >
            {t("reviews.reject")}
          </button>
        )}
      </div>
      {approval.problem && <ProblemNotice problem={approval.problem} />}
      {rejecting && (
        <RejectDialog review={review} onClose={() => setRejecting(false)} onDone={onDone} />
      )}
    </div>
  );
}

const CONTROLS = { reason: "review-reason" };

function RejectDialog({ review, onClose, onDone }: DecisionProps & { onClose: () => void }) {
  const { t, lookUp } = useCareWords();
  const { token } = useSession();
  const [reason, setReason] = useState("");
  const { id, reference, comment } = review;
  const action = useAction(
    (why: string) => rejectComment(token, id, why),
    () => {
      onClose();
      onDone([t("reviews.rejected", { reference })]);
    },
  );
  const { faults, check } = useFaults(action.problem, CONTROLS, (code) =>
    lookUp(`reason.refused.${code}`),
  );
  return (
    <ActionDialog
      title={t("reviews.reject_of", { reference })}
      label={t("reviews.reject")}
      danger
      action={action}
      onClose={onClose}
      onSubmit={(form) => {
        const found = { "review-reason": reason.trim() ? undefined : t("fault.reason") };
        if (check(form, found)) void action.run(reason.trim());
      }}
    >
      <blockquote class="care-comment care-quote">{comment}</blockquote>
      <TextField
        id="review-reason"
        label={t("field.reason")}
        hint={t("field.reason_hint")}
        value={reason}
        maxLength={LONGEST_REASON}
        fault={faults["review-reason"]}
        onText={setReason}
      />
    </ActionDialog>
  );
}
