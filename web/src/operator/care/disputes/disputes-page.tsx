/** What cardholders dispute with their banks, and until when an answer counts. */
import { type Dispute, listDisputes } from "../../../api/care";
import { withQuery } from "../../../api/operator";
import { Link, navigate, usePage, usePlace } from "../../../shared/router";
import { Field } from "../../../shared/ui/field";
import { Icon } from "../../../shared/ui/icon";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { careOf, DISPUTES } from "../parts/links";
import { ownZone, useMoment } from "../parts/use-moment";
import { urgencyOf } from "./evidence";

const SHOWN = ["open", "decided", "all"] as const;
type Shown = (typeof SHOWN)[number];
const OPEN: Record<Shown, boolean | null> = { open: true, decided: false, all: null };

const findShown = (name: string | null): Shown =>
  SHOWN.find((each) => each === name) ?? "open";

export function DisputesPage() {
  const { t } = useCareWords();
  const { token } = useSession();
  const shown = findShown(usePlace().query.get("show"));
  usePage(t("disputes.title"));
  const pages = usePages(`disputes ${shown}`, async (cursor, signal) => {
    const page = await listDisputes(token, { open: OPEN[shown], cursor }, signal);
    return { items: page.disputes, next: page.next_cursor ?? null };
  });
  return (
    <>
      <h1 tabIndex={-1}>{t("disputes.title")}</h1>
      <p class="lead">{t("disputes.lead")}</p>
      <div class="filters">
        <Field id="care-shown" label={t("disputes.show")}>
          {(described) => (
            <select
              {...described}
              value={shown}
              onChange={(event) => {
                const chosen = findShown(event.currentTarget.value);
                navigate(withQuery(DISPUTES, { show: chosen === "open" ? "" : chosen }));
              }}
            >
              {SHOWN.map((each) => (
                <option key={each} value={each}>
                  {t(`disputes.show.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <List
        caption={t("disputes.title")}
        pages={pages}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={t(`disputes.empty.${shown}`)}
      />
    </>
  );
}

function useColumns(): Column<Dispute>[] {
  const { t, lookUp, money } = useCareWords();
  const moment = useMoment();
  return [
    { title: t("disputes.rental"), draw: (dispute) => <About dispute={dispute} /> },
    { title: t("disputes.amount"), draw: ({ amount }) => money(amount), numeric: true },
    {
      title: t("disputes.reason"),
      draw: ({ reason }) => lookUp(`disputes.reason.${reason}`) ?? reason.replaceAll("_", " "),
    },
    { title: t("disputes.status"), draw: ({ status }) => t(`disputes.status.${status}`) },
    { title: t("disputes.evidence"), draw: (dispute) => <Evidence dispute={dispute} /> },
    {
      title: t("disputes.opened"),
      draw: ({ opened_at: at }) => <time dateTime={at}>{moment(at, ownZone())}</time>,
    },
  ];
}

/** The vendor's own names are what its pages are searched by. */
function About({ dispute }: { dispute: Dispute }) {
  const { t } = useCareWords();
  return (
    <span class="care-cell">
      <Link href={careOf(dispute.reference)}>{dispute.reference}</Link>
      <span class="muted">{t(`disputes.purpose.${dispute.purpose}`)}</span>
      <code class="care-code">{dispute.id}</code>
    </span>
  );
}

function Evidence({ dispute }: { dispute: Dispute }) {
  const { t } = useCareWords();
  const moment = useMoment();
  const { evidence_due_at: at } = dispute;
  if (!at) return <>{t("disputes.no_evidence")}</>;
  const urgency = urgencyOf(dispute);
  return (
    <span class="care-cell">
      <time dateTime={at}>{moment(at, ownZone())}</time>
      {(urgency === "soon" || urgency === "late") && (
        <strong class={`care-urgent care-urgent-${urgency}`}>
          <Icon name="warning" />
          {t(`disputes.${urgency}`)}
        </strong>
      )}
    </span>
  );
}
