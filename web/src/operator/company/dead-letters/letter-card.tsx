/** One message that was given up. */
import type { DeadLetter } from "../../../api/company";
import { Link } from "../../../shared/router";
import { useCompanyWords } from "../i18n";
import { When } from "../parts/when";
import { aboutOf, isCut, readable } from "./body";

interface LetterCardProps {
  letter: DeadLetter;
  onReplay: () => void;
  onDiscard: () => void;
}

export function LetterCard({ letter, onReplay, onDiscard }: LetterCardProps) {
  const { t, lookUp } = useCompanyWords();
  const { id, queue, dead_at: deadAt, resolution } = letter;
  const { type, reference } = aboutOf(letter.body);
  const titleId = `letter-${id}`;
  return (
    <article class="card letter" aria-labelledby={titleId}>
      <div class="switch-head">
        <h2 id={titleId}>{(type && lookUp(`message.${type}`)) ?? type ?? t("letters.unknown")}</h2>
        <span class={resolution ? "badge" : "badge badge-warning"}>
          {t(`letters.state.${resolution ?? "open"}`)}
        </span>
      </div>
      {!resolution && <p>{lookUp(`queue.why.${queue}`)}</p>}
      <dl class="company-facts">
        <div>
          <dt>{t("letters.queue")}</dt>
          <dd>
            <code>{queue}</code>
          </dd>
        </div>
        <div>
          <dt>{t("letters.dead_at")}</dt>
          <dd>
            <When at={deadAt} />
          </dd>
        </div>
        {reference && (
          <div>
            <dt>{t("letters.rental")}</dt>
            <dd>
              <Link href={`/operator/rentals/${reference}`}>{reference}</Link>
            </dd>
          </div>
        )}
      </dl>
      <Body letter={letter} />
      {resolution ? (
        <Resolved letter={letter} />
      ) : (
        <div class="actions">
          <button
            type="button"
            class="button button-primary"
            aria-describedby={titleId}
            onClick={onReplay}
          >
            {t("letters.replay")}
          </button>
          <button
            type="button"
            class="button button-danger"
            aria-describedby={titleId}
            onClick={onDiscard}
          >
            {t("letters.discard")}
          </button>
        </div>
      )}
    </article>
  );
}

function Body({ letter: { body, body_bytes: bytes } }: { letter: DeadLetter }) {
  const { t, number } = useCompanyWords();
  const title = t("letters.body", { bytes: number(bytes) });
  return (
    <details class="company-fold">
      <summary>{title}</summary>
      {isCut(body, bytes) && <p class="muted">{t("letters.cut")}</p>}
      <pre tabIndex={0} role="group" aria-label={title}>
        {readable(body)}
      </pre>
    </details>
  );
}

function Resolved({ letter }: { letter: DeadLetter }) {
  const { t } = useCompanyWords();
  const { resolved_at: at, resolved_by: who, reason } = letter;
  return (
    <p class="muted">
      {t("letters.resolved_by", { who: who ?? "" })} {at && <When at={at} />}
      {reason && <> · {reason}</>}
    </p>
  );
}
