/** Comments of renters: everybody reads those that are approved here. */
import { useState } from "preact/hooks";
import { listComments, type ModeratedReview } from "../../../api/care";
import { withQuery } from "../../../api/operator";
import { Link, navigate, usePage, usePlace } from "../../../shared/router";
import { Field } from "../../../shared/ui/field";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { BranchFilter } from "../parts/branch-filter";
import { careOf, REVIEWS } from "../parts/links";
import { type Told, ToldNotice } from "../parts/told";
import { useMoment, useZones } from "../parts/use-moment";
import { Decision } from "./decision";

const STATUSES = ["PENDING", "APPROVED", "REJECTED"] as const;
type Status = (typeof STATUSES)[number];

function useFilters() {
  const { query } = usePlace();
  const status = STATUSES.find((each) => each === query.get("status")) ?? "PENDING";
  const branch = query.get("branch") ?? "";
  const go = (status: Status, branch: string) =>
    navigate(withQuery(REVIEWS, { status: status === "PENDING" ? "" : status, branch }));
  return { status, branch, go };
}

export function ReviewsPage() {
  const { t } = useCareWords();
  const { token } = useSession();
  const { status, branch, go } = useFilters();
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState<Told | null>(null);
  usePage(t("reviews.title"));
  const pages = usePages(`reviews ${status} ${branch}`, async (cursor, signal) => {
    const page = await listComments(token, { status, branch, cursor }, signal);
    return { items: page.reviews, next: page.next_cursor ?? null };
  });
  const choose = (chosen: Status, of: string) => {
    setDecided(new Set());
    setTold(null);
    go(chosen, of);
  };
  const done = (id: string, sentences: Told) => {
    setDecided(new Set([...decided, id]));
    setTold(sentences);
  };
  const left = pages.items.filter(({ id }) => !decided.has(id));
  return (
    <>
      <h1 tabIndex={-1}>{t("reviews.title")}</h1>
      <p class="lead">{t("reviews.lead")}</p>
      <div class="filters">
        <Field id="care-status" label={t("reviews.status")}>
          {(described) => (
            <select
              {...described}
              value={status}
              onChange={(event) => {
                const { value } = event.currentTarget;
                choose(STATUSES.find((each) => each === value) ?? "PENDING", branch);
              }}
            >
              {STATUSES.map((each) => (
                <option key={each} value={each}>
                  {t(`reviews.status.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <BranchFilter value={branch} onChoose={(chosen) => choose(status, chosen)} />
      </div>
      <ToldNotice told={told} />
      <List
        caption={t("reviews.title")}
        pages={{ ...pages, items: left }}
        columns={useColumns(done)}
        keyOf={({ id }) => id}
        empty={t(`reviews.empty.${status}`)}
      />
    </>
  );
}

function useColumns(done: (id: string, told: Told) => void): Column<ModeratedReview>[] {
  const { t } = useCareWords();
  return [
    { title: t("reviews.rental"), draw: (review) => <About review={review} /> },
    { title: t("reviews.comment"), draw: (review) => <Comment review={review} /> },
    {
      title: t("reviews.decision"),
      draw: (review) => <Decision review={review} onDone={(told) => done(review.id, told)} />,
    },
  ];
}

function About({ review }: { review: ModeratedReview }) {
  const moment = useMoment();
  const zoneOf = useZones();
  return (
    <span class="care-cell">
      <Link href={careOf(review.reference)}>{review.reference}</Link>
      <span class="muted">{`${review.branch} · ${review.class}`}</span>
      <time dateTime={review.created_at} class="muted">
        {moment(review.created_at, zoneOf(review.branch))}
      </time>
    </span>
  );
}

function Comment({ review }: { review: ModeratedReview }) {
  const { t } = useCareWords();
  return (
    <span class="care-cell">
      <strong>{t("reviews.rating", { rating: review.rating })}</strong>
      <span class="care-comment">{review.comment}</span>
    </span>
  );
}
