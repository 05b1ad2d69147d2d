/** What a new card would change, line by line, and the question whether it shall. */
import { useEffect, useRef, useState } from "preact/hooks";
import {
  type NewRateCard,
  publishRates,
  type RateChange,
  type RateChanges,
} from "../../../api/fleet";
import { withQuery } from "../../../api/operator";
import { Link } from "../../../shared/router";
import { Notice } from "../../../shared/ui/notice";
import { ActionDialog } from "../../parts/action-dialog";
import { type Column, Table } from "../../parts/list";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { WHEN } from "../parts/when";
import { RATES } from "./address";
import { fieldName, lineName, valueText } from "./words";

interface PreviewProps {
  card: NewRateCard;
  changes: RateChanges;
  zone: string;
}

export function Preview({ card, changes, zone }: PreviewProps) {
  const { t, count } = useFleetWords();
  const title = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState(false);
  const [published, setPublished] = useState<RateChanges | null>(null);
  useEffect(() => title.current?.focus(), [published]);
  const { changes: lines } = changes;
  return (
    <section class="fleet-section" aria-labelledby="preview">
      <h2 id="preview" ref={title} tabIndex={-1}>
        {lines.length > 0 ? count("preview.title", lines.length) : t("preview.nothing")}
      </h2>
      {published && <Published changes={published} zone={zone} />}
      {lines.length > 0 && (
        <>
          {!published && (
            <p>
              <button
                type="button"
                class="button button-primary"
                onClick={() => setAsked(true)}
              >
                {t("preview.publish")}
              </button>
            </p>
          )}
          <Changes lines={lines} currency={card.currency} />
        </>
      )}
      {asked && (
        <Publish
          card={card}
          zone={zone}
          onClose={() => setAsked(false)}
          onDone={(answer) => {
            setAsked(false);
            setPublished(answer);
          }}
        />
      )}
    </section>
  );
}

function Published({ changes, zone }: { changes: RateChanges; zone: string }) {
  const { t, dateTime } = useFleetWords();
  const { branch_group: group, effective_at: at } = changes;
  return (
    <Notice tone="success" title={t("preview.published")}>
      <p>{t("preview.counts_from", { group, from: dateTime(at, zone, WHEN) })}</p>
      <p>
        <Link href={withQuery(RATES, { group, at })}>{t("preview.see")}</Link>
      </p>
    </Notice>
  );
}

function Changes({ lines, currency }: { lines: readonly RateChange[]; currency: string }) {
  const words = useFleetWords();
  const { t } = words;
  const columns: Column<RateChange>[] = [
    { title: t("rates.what"), draw: ({ line }) => lineName(line, words) },
    {
      title: t("preview.kind"),
      draw: ({ before, after }) => t(`preview.${before ? (after ? "other" : "gone") : "new"}`),
    },
    {
      title: t("preview.values"),
      draw: (change) => <Values change={change} currency={currency} />,
    },
  ];
  return (
    <Table
      caption={t("preview.caption")}
      items={lines}
      columns={columns}
      keyOf={({ line }) => line}
    />
  );
}

function Values({ change: { before, after }, currency }: { change: RateChange; currency: string }) {
  const words = useFleetWords();
  const write = (name: string, value: unknown) => valueText(name, value, currency, words);
  return (
    <ul class="rate-values">
      {Object.keys(after ?? before ?? {}).map((name) => (
        <li key={name}>
          {fieldName(name, words)}: {before && <del>{write(name, before[name])}</del>}
          {before && after && " → "}
          {after && <ins>{write(name, after[name])}</ins>}
        </li>
      ))}
    </ul>
  );
}

interface PublishProps {
  card: NewRateCard;
  zone: string;
  onClose: () => void;
  onDone: (changes: RateChanges) => void;
}

function Publish({ card, zone, onClose, onDone }: PublishProps) {
  const { t, dateTime } = useFleetWords();
  const { token } = useSession();
  const action = useAction<NewRateCard, RateChanges>((sent) => publishRates(token, sent), onDone);
  const { branch_group: group, effective_at: at } = card;
  return (
    <ActionDialog
      title={t("publish.title", { group })}
      label={t("preview.publish")}
      action={action}
      onClose={onClose}
      onSubmit={() => void action.run(card)}
    >
      <p>{at ? t("publish.from", { from: dateTime(at, zone, WHEN) }) : t("publish.at_once")}</p>
      <p>{t("publish.text")}</p>
    </ActionDialog>
  );
}
