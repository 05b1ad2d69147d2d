/** Renters who wait for an answer, the longest waiting first. */
import { listWaiting, type WaitingThread } from "../../../api/care";
import { withQuery } from "../../../api/operator";
import { Link, navigate, usePage, usePlace } from "../../../shared/router";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { BranchFilter } from "../parts/branch-filter";
import { careOf, MESSAGES } from "../parts/links";
import { useMoment, useZones } from "../parts/use-moment";
import { elapsedText, waitsTooLong } from "./waiting";

export function WaitingPage() {
  const { t } = useCareWords();
  const { token } = useSession();
  const branch = usePlace().query.get("branch") ?? "";
  usePage(t("waiting.title"));
  const pages = usePages(`waiting ${branch}`, async (cursor, signal) => {
    const page = await listWaiting(token, { branch, cursor }, signal);
    return { items: page.threads, next: page.next_cursor ?? null };
  });
  return (
    <>
      <h1 tabIndex={-1}>{t("waiting.title")}</h1>
      <p class="lead">{t("waiting.lead")}</p>
      <div class="filters">
        <BranchFilter
          value={branch}
          onChoose={(chosen) => navigate(withQuery(MESSAGES, { branch: chosen }))}
        />
        <button type="button" class="button button-quiet" onClick={pages.reload}>
          {t("filter.reload")}
        </button>
      </div>
      <List
        caption={t("waiting.title")}
        pages={pages}
        columns={useColumns()}
        keyOf={(thread) => thread.reference}
        empty={t("waiting.empty")}
      />
    </>
  );
}

function useColumns(): Column<WaitingThread>[] {
  const { t } = useCareWords();
  return [
    { title: t("waiting.renter"), draw: (thread) => <Renter thread={thread} /> },
    { title: t("waiting.since"), draw: (thread) => <Since thread={thread} /> },
    { title: t("waiting.newest"), draw: (thread) => <Newest thread={thread} /> },
    { title: t("waiting.branches"), draw: branchesOf },
    { title: t("waiting.status"), draw: ({ status }) => t(`status.${status}`) },
  ];
}

const branchesOf = ({ pickup_branch: from, return_branch: to }: WaitingThread) =>
  from === to ? from : `${from} → ${to}`;

function Renter({ thread }: { thread: WaitingThread }) {
  const { t } = useCareWords();
  const name = `${thread.given_name} ${thread.family_name}`.trim();
  return (
    <span class="care-cell">
      <Link href={careOf(thread.reference)}>{name || t("driver.erased")}</Link>
      <span class="muted">{thread.reference}</span>
    </span>
  );
}

function Since({ thread }: { thread: WaitingThread }) {
  const { t, locale } = useCareWords();
  const moment = useMoment();
  const zoneOf = useZones();
  const { waiting_since: since, pickup_branch: branch } = thread;
  return (
    <span class="care-cell">
      <strong>{elapsedText(since, locale)}</strong>
      <time dateTime={since} class="muted">
        {moment(since, zoneOf(branch))}
      </time>
      {waitsTooLong(since) && <span class="badge badge-warning">{t("waiting.too_long")}</span>}
    </span>
  );
}

function Newest({ thread }: { thread: WaitingThread }) {
  const { t, count } = useCareWords();
  return (
    <span class="care-cell">
      <span class="care-excerpt">{thread.text ?? t("messages.erased")}</span>
      {thread.waiting > 1 && <span class="muted">{count("waiting.messages", thread.waiting)}</span>}
    </span>
  );
}
