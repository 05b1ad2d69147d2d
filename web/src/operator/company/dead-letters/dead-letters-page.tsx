/** Messages that no consumer could handle: what they are, why they matter, what to do with them. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type DeadLetter, listDeadLetters } from "../../../api/company";
import { usePage } from "../../../shared/router";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { useFrameWords } from "../../i18n";
import { Forbidden } from "../../parts/forbidden";
import { type Pages, usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { oneOf, useFilters } from "../parts/address";
import { PageHead } from "../parts/page-head";
import { SelectField } from "../parts/select-field";
import { DiscardDialog } from "./discard-dialog";
import { LetterCard } from "./letter-card";
import { ReplayDialog } from "./replay-dialog";

const QUEUES = [
  "payment-requests",
  "payment-results",
  "email-requests",
  "document-requests",
] as const;
/** Of the address; without it, what waits for a decision. */
const SHOWN = ["resolved", "all"] as const;
const RESOLVED = { open: "false", resolved: "true", all: null } as const;

interface Asked {
  letter: DeadLetter;
  how: "replay" | "discard";
}

export function DeadLettersPage() {
  const { t } = useCompanyWords();
  const title = t("letters.title");
  usePage(title);
  const { token } = useSession();
  const { query } = useFilters();
  const queue = oneOf(query.get("queue"), QUEUES);
  const shown = oneOf(query.get("show"), SHOWN) ?? "open";
  const pages = usePages(`${queue} ${shown}`, (cursor, signal) =>
    listDeadLetters(token, { queue, resolved: RESOLVED[shown] }, cursor, signal),
  );
  const [asked, setAsked] = useState<Asked | null>(null);
  const [done, setDone] = useState<{ how: Asked["how"] } | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const finish = (how: Asked["how"]) => {
    setAsked(null);
    setDone({ how });
    pages.reload();
  };
  useEffect(() => {
    // What was decided leaves the list, and the button that had the focus with it.
    if (done) heading.current?.focus();
  }, [done]);
  const close = (failed: boolean) => {
    setAsked(null);
    if (failed) pages.reload();
  };
  return (
    <>
      <PageHead title={title} heading={heading} reload={pages.reload} busy={pages.pending}>
        <p class="lead">{t("letters.lead")}</p>
      </PageHead>
      <LetterFilters queue={queue ?? ""} shown={shown} />
      {done && <Notice tone="success">{t(`letters.done.${done.how}`)}</Notice>}
      <Letters pages={pages} shown={shown} onAsk={setAsked} />
      {asked?.how === "replay" && (
        <ReplayDialog
          letter={asked.letter}
          onClose={close}
          onDone={() => finish("replay")}
        />
      )}
      {asked?.how === "discard" && (
        <DiscardDialog
          letter={asked.letter}
          onClose={close}
          onDone={() => finish("discard")}
        />
      )}
    </>
  );
}

function LetterFilters({ queue, shown }: { queue: string; shown: string }) {
  const { t } = useCompanyWords();
  const { change } = useFilters();
  const queues = QUEUES.map((each) => [each, t(`queue.${each}`)] as const);
  return (
    <div class="filters" role="search">
      <SelectField
        id="letters-queue"
        label={t("letters.queue")}
        value={queue}
        options={[["", t("letters.every_queue")], ...queues]}
        onChoose={(value) => change({ queue: value })}
      />
      <SelectField
        id="letters-show"
        label={t("letters.show")}
        value={shown}
        options={[
          ["open", t("letters.open")],
          ["resolved", t("letters.resolved")],
          ["all", t("letters.all")],
        ]}
        onChoose={(value) => change({ show: value === "open" ? "" : value })}
      />
    </div>
  );
}

interface LettersProps {
  pages: Pages<DeadLetter>;
  shown: string;
  onAsk: (asked: Asked) => void;
}

function Letters({ pages, shown, onAsk }: LettersProps) {
  const { t } = useCompanyWords();
  const frame = useFrameWords();
  const { items, problem, pending, more, reload } = pages;
  if (problem?.status === 403) return <Forbidden />;
  const healthy = shown === "open" ? "letters.none_open" : "letters.none";
  return (
    <>
      <ul class="company-cards">
        {items.map((letter) => (
          <li key={letter.id}>
            <LetterCard
              letter={letter}
              onReplay={() => onAsk({ letter, how: "replay" })}
              onDiscard={() => onAsk({ letter, how: "discard" })}
            />
          </li>
        ))}
      </ul>
      {pending && <Skeleton shapes={items.length > 0 ? 1 : 3} kind="card" />}
      {problem && <ProblemNotice problem={problem} retry={more ?? reload} />}
      {!pending && !problem && items.length === 0 && (
        <Notice tone={shown === "open" ? "success" : "info"}>{t(healthy)}</Notice>
      )}
      {more && !problem && (
        <p>
          <button type="button" class="button button-quiet" onClick={more}>
            {frame.t("list.more")}
          </button>
        </p>
      )}
    </>
  );
}
