/** What renter and branch wrote each other about this rental, and a form to write more. */
import { useEffect, useRef, useState } from "preact/hooks";
import { readMessages, writeMessage } from "../../api/aftercare";
import type { ApiProblem } from "../../api/client";
import type { Rental, RentalMessage } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { asProblem, useLoad } from "../../shared/load";
import { focusFirstFault } from "../../shared/ui/field";
import { ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { TextArea } from "../../shared/ui/text-area";

const LONGEST = 2000;
const LOOK_AGAIN_MILLISECONDS = 30_000;

interface PanelProps {
  rental: Rental;
  token: string;
}

export function MessagesPanel({ rental, token }: PanelProps) {
  const { t } = useI18n();
  const { reference } = rental;
  const { data, problem, pending, reload } = useLoad(`messages ${reference} ${token}`, (signal) =>
    readMessages(reference, token, signal),
  );
  useEffect(() => {
    const look = () => {
      if (!document.hidden) reload();
    };
    const timer = window.setInterval(look, LOOK_AGAIN_MILLISECONDS);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [reload]);
  return (
    <section class="card messages" aria-labelledby="messages">
      <h2 id="messages">{t("messages.title")}</h2>
      {pending && <Skeleton shapes={2} />}
      {problem && !data && <ProblemNotice problem={problem} retry={reload} />}
      {data && (
        <>
          <Thread messages={data} timeZone={rental.pickup.timezone} />
          <MessageForm reference={reference} token={token} onSent={reload} />
        </>
      )}
    </section>
  );
}

function Thread({ messages, timeZone }: { messages: RentalMessage[]; timeZone: string }) {
  const { t, dateTime } = useI18n();
  if (messages.length === 0) return <p class="muted">{t("messages.none")}</p>;
  return (
    <div role="log" aria-labelledby="messages">
      <ol class="thread">
        {messages.map(({ id, author, text, sent_at }) => (
          <li key={id} class={`thread-${author}`}>
            <p class="thread-head">
              <strong>{t(`messages.${author}`)}</strong>{" "}
              <time dateTime={sent_at} class="muted">
                {dateTime(sent_at, timeZone)}
              </time>
            </p>
            <p class="thread-text">{text ?? t("messages.erased")}</p>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface FormProps {
  reference: string;
  token: string;
  onSent: () => void;
}

function MessageForm({ reference, token, onSent }: FormProps) {
  const { t } = useI18n();
  const form = useRef<HTMLFormElement>(null);
  const [text, setText] = useState("");
  const [step, setStep] = useState<"writing" | "sending" | "sent">("writing");
  const [fault, setFault] = useState<string>();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (step === "sending") return;
    setProblem(null);
    if (!text.trim()) {
      setFault(t("fault.required"));
      return focusFirstFault(form.current);
    }
    setStep("sending");
    try {
      await writeMessage(reference, token, text);
      setText("");
      setStep("sent");
      onSent();
    } catch (error) {
      setProblem(asProblem(error));
      setStep("writing");
    }
  };
  return (
    <form ref={form} class="stack" noValidate onSubmit={(event) => void submit(event)}>
      <TextArea
        id="message-text"
        label={t("messages.label")}
        hint={t("messages.hint")}
        value={text}
        maxLength={LONGEST}
        fault={fault}
        onText={(value) => {
          setText(value);
          setFault(undefined);
          setStep("writing");
        }}
      />
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" class="button button-primary" disabled={step === "sending"}>
        {step === "sending" && <span class="spinner" aria-hidden="true" />}
        {step === "sending" ? t("book.sending") : t("messages.send")}
      </button>
      <p class="muted" role="status">
        {step === "sent" ? t("messages.sent") : ""}
      </p>
    </form>
  );
}
