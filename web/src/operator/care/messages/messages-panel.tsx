/** What renter and branch wrote each other, the answer, and what needs none. */
import { useEffect, useState } from "preact/hooks";
import { readThread, settleMessages } from "../../../api/care";
import type { Rental, RentalMessage } from "../../../api/types";
import { useLoad } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { type Told, ToldNotice } from "../parts/told";
import { useMoment } from "../parts/use-moment";
import { AnswerForm } from "./answer-form";

const LOOK_AGAIN_MILLISECONDS = 30_000;

interface PanelProps {
  rental: Rental;
  changed: () => void;
}

export function MessagesPanel({ rental, changed }: PanelProps) {
  const { t } = useCareWords();
  const { token } = useSession();
  const { reference } = rental;
  const [told, setTold] = useState<Told | null>(null);
  const { data, problem, pending, reload } = useLoad(`thread ${reference}`, (signal) =>
    readThread(token, reference, signal),
  );
  useEffect(() => {
    const timer = window.setInterval(() => {
      if (!document.hidden) reload();
    }, LOOK_AGAIN_MILLISECONDS);
    return () => window.clearInterval(timer);
  }, [reload]);
  const done = (sentences: Told) => {
    setTold(sentences);
    reload();
    changed();
  };
  const isErased = rental.driver.email === "";
  return (
    <section class="card care-panel" aria-labelledby="care-messages">
      <h2 id="care-messages">{t("messages.title")}</h2>
      {pending && <Skeleton shapes={2} />}
      {problem && !data && <ProblemNotice problem={problem} retry={reload} />}
      {data && <Thread messages={data} timeZone={rental.pickup.timezone} />}
      <ToldNotice told={told} />
      {data?.at(-1)?.author === "renter" && !isErased && (
        <NoAnswer reference={reference} onDone={done} />
      )}
      {isErased ? (
        <p class="muted">{t("messages.nobody")}</p>
      ) : (
        <AnswerForm reference={reference} onDone={done} />
      )}
    </section>
  );
}

function Thread({ messages, timeZone }: { messages: RentalMessage[]; timeZone: string }) {
  const { t } = useCareWords();
  const moment = useMoment();
  if (messages.length === 0) return <p class="muted">{t("messages.none")}</p>;
  return (
    <div role="log" aria-labelledby="care-messages">
      <ol class="thread care-thread">
        {messages.map(({ id, author, text, sent_at }) => (
          <li key={id} class={`thread-${author}`}>
            <p class="thread-head">
              <strong>{t(`messages.${author}`)}</strong>{" "}
              <time dateTime={sent_at} class="muted">
                {moment(sent_at, timeZone)}
              </time>
            </p>
            <p class="thread-text">{text ?? t("messages.erased")}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface NoAnswerProps {
  reference: string;
  onDone: (told: Told) => void;
}

/** A "thank you" waits for nothing: it leaves the list of what waits. */
function NoAnswer({ reference, onDone }: NoAnswerProps) {
  const { t, count } = useCareWords();
  const { token } = useSession();
  const action = useAction(
    () => settleMessages(token, reference),
    ({ settled }) =>
      onDone([settled > 0 ? count("messages.settled", settled) : t("messages.settled.none")]),
  );
  return (
    <>
      {action.problem && <ProblemNotice problem={action.problem} />}
      <p>
        <button
          type="button"
          class="button button-quiet button-small"
          disabled={action.pending}
          onClick={() => void action.run(undefined)}
        >
          {action.pending && <span class="spinner" aria-hidden="true" />}
          {t("messages.no_answer")}
        </button>
      </p>
    </>
  );
}
