/** After the rental: one to five, a comment if the renter likes, once. */
import { useRef, useState } from "preact/hooks";
import { readReview, writeReview } from "../../api/aftercare";
import type { ApiProblem } from "../../api/client";
import type { OwnReview, Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { asProblem, useLoad } from "../../shared/load";
import { focusFirstFault } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { ProblemNotice } from "../../shared/ui/notice";
import { TextArea } from "../../shared/ui/text-area";

const LONGEST = 2000;
const RATINGS = [1, 2, 3, 4, 5] as const;

interface PanelProps {
  rental: Rental;
  token: string;
}

export function ReviewPanel({ rental, token }: PanelProps) {
  const { t } = useI18n();
  const { reference } = rental;
  const completed = rental.status === "COMPLETED";
  const key = completed ? `review ${reference} ${token}` : null;
  const { data, reload } = useLoad(key, (signal) => readReview(reference, token, signal));
  if (!data || (!data.open && !data.review)) return null;
  return (
    <section class="card" aria-labelledby="review">
      <h2 id="review" tabIndex={-1}>
        {data.review ? t("review.thanks") : t("review.title")}
      </h2>
      {data.review ? (
        <Written review={data.review} />
      ) : (
        <ReviewForm reference={reference} token={token} onSent={reload} />
      )}
    </section>
  );
}

function Written({ review }: { review: OwnReview }) {
  const { t, lookUp } = useI18n();
  return (
    <div class="stack" role="status">
      <p class="stars">
        {RATINGS.map((each) => (
          <span key={each} class={each <= review.rating ? "star star-on" : "star"}>
            <Icon name="star" />
          </span>
        ))}
        <span>{t("review.given", { rating: t(`review.rating.${rank(review.rating)}`) })}</span>
      </p>
      {review.comment && <blockquote class="thread-text">{review.comment}</blockquote>}
      <p class="muted">{lookUp(`review.status.${review.status.toLowerCase()}`)}</p>
    </div>
  );
}

interface FormProps {
  reference: string;
  token: string;
  onSent: () => void;
}

function ReviewForm({ reference, token, onSent }: FormProps) {
  const { t } = useI18n();
  const form = useRef<HTMLFormElement>(null);
  const [rating, setRating] = useState<number | null>(null);
  const [comment, setComment] = useState("");
  const [sending, setSending] = useState(false);
  const [fault, setFault] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (sending) return;
    setProblem(null);
    if (rating === null) {
      setFault(true);
      return focusFirstFault(form.current);
    }
    setSending(true);
    try {
      const text = comment.trim();
      await writeReview(reference, token, { rating, comment: text || null });
      // The form is about to go: its place takes the focus, so that nobody is lost.
      document.getElementById("review")?.focus();
    } catch (error) {
      const failed = asProblem(error);
      setSending(false);
      if (failed.code !== "already_reviewed") return setProblem(failed);
    }
    onSent();
  };
  return (
    <form ref={form} class="stack" noValidate onSubmit={(event) => void submit(event)}>
      <fieldset class="field" aria-describedby={fault ? "rating-fault" : undefined}>
        <legend>{t("review.rating")}</legend>
        <div class="ratings">
          {RATINGS.map((each) => (
            <label key={each} class="chip">
              <input
                type="radio"
                name="rating"
                value={each}
                checked={rating === each}
                aria-invalid={fault || undefined}
                onChange={() => {
                  setRating(each);
                  setFault(false);
                }}
              />
              {each} · {t(`review.rating.${rank(each)}`)}
            </label>
          ))}
        </div>
        {fault && (
          <p class="fault" id="rating-fault">
            <Icon name="warning" />
            {t("review.choose")}
          </p>
        )}
      </fieldset>
      <TextArea
        id="review-comment"
        label={t("review.comment")}
        hint={t("review.comment_hint")}
        optional={t("optional")}
        value={comment}
        maxLength={LONGEST}
        onText={setComment}
      />
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" class="button button-primary" disabled={sending}>
        {sending && <span class="spinner" aria-hidden="true" />}
        {sending ? t("book.sending") : t("review.send")}
      </button>
    </form>
  );
}

function rank(rating: number): (typeof RATINGS)[number] {
  return RATINGS[rating - 1] ?? 5;
}
