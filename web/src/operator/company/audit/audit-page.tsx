/** Who did what: every operator's action, newest first. */
import { useState } from "preact/hooks";
import { type AuditEntry, listAudit } from "../../../api/company";
import { Link, usePage } from "../../../shared/router";
import { focusFirstFault, TextField } from "../../../shared/ui/field";
import { useFrameWords } from "../../i18n";
import { Actor } from "../../parts/actor";
import { beginningOf } from "../../parts/beginning";
import { List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { useFilters } from "../parts/address";
import { PageHead } from "../parts/page-head";
import { isReference } from "../parts/reference";
import { When } from "../parts/when";
import { ChangeList } from "./change-list";
import { changesOf } from "./changes";
import { subjectOf } from "./subjects";

export function AuditPage() {
  const { t } = useCompanyWords();
  const title = t("audit.title");
  usePage(title);
  const { token, person } = useSession();
  const { query } = useFilters();
  const asked = (query.get("rental") ?? "").toUpperCase();
  const rental = isReference(asked) ? asked : null;
  const pages = usePages(`audit ${rental}`, (cursor, signal) =>
    listAudit(token, rental, cursor, signal),
  );
  const numbered = pages.items.map((entry, index) => ({ entry, index }));
  return (
    <>
      <PageHead title={title} reload={pages.reload} busy={pages.pending}>
        <p class="lead">{t(person.branches.length ? "audit.lead_branches" : "audit.lead")}</p>
      </PageHead>
      <RentalFilter key={asked} asked={asked} />
      <List
        caption={title}
        pages={{ ...pages, items: numbered }}
        keyOf={({ index }) => String(index)}
        columns={[
          { title: t("audit.at"), draw: ({ entry }) => <When at={entry.at} /> },
          { title: t("audit.actor"), draw: ({ entry }) => <Actor actor={entry.actor} /> },
          { title: t("audit.action"), draw: ({ entry }) => <Action entry={entry} /> },
          { title: t("audit.target"), draw: ({ entry }) => <Target entry={entry} /> },
          { title: t("audit.reason"), draw: ({ entry }) => entry.reason },
          {
            title: t("audit.change"),
            draw: ({ entry: { before, after } }) => (
              <ChangeList changes={changesOf(before, after)} />
            ),
          },
        ]}
      />
    </>
  );
}

function RentalFilter({ asked }: { asked: string }) {
  const { t } = useCompanyWords();
  const frame = useFrameWords();
  const { change } = useFilters();
  const [typed, setTyped] = useState(asked);
  const [checked, setChecked] = useState(asked !== "");
  const wrong = checked && typed.trim() !== "" && !isReference(typed.trim().toUpperCase());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const rental = typed.trim().toUpperCase();
    setChecked(true);
    if (rental === "" || isReference(rental)) change({ rental });
    else focusFirstFault(event.currentTarget as HTMLFormElement);
  };
  return (
    <form class="filters" role="search" noValidate onSubmit={submit}>
      <TextField
        id="audit-rental"
        label={t("audit.rental")}
        hint={t("audit.rental_hint")}
        value={typed}
        autoCapitalize="characters"
        autoComplete="off"
        spellcheck={false}
        maxLength={8}
        fault={wrong ? t("audit.rental_fault") : undefined}
        onText={(text) => {
          setTyped(text);
          setChecked(false);
        }}
      />
      <button type="submit" class="button button-quiet">
        {frame.t("list.filter")}
      </button>
    </form>
  );
}

function Action({ entry: { action } }: { entry: AuditEntry }) {
  const { lookUp } = useCompanyWords();
  return <>{lookUp(`did.${action}`) ?? <code>{action}</code>}</>;
}

/** The rental it concerns, and the photo, the car or whatever else was acted on. */
function Target({ entry }: { entry: AuditEntry }) {
  const { reference } = entry;
  return (
    <span class="audit-target">
      {reference && <Link href={`/operator/rentals/${reference}`}>{reference}</Link>}
      <OtherSubject entry={entry} />
    </span>
  );
}

function OtherSubject({ entry }: { entry: AuditEntry }) {
  const { lookUp } = useCompanyWords();
  const subject = subjectOf(entry);
  if (!subject) return null;
  const { kind, name, href } = subject;
  const shown = lookUp(`switch.${name}`) ?? <span title={name}>{beginningOf(name)}</span>;
  return (
    <span>
      {kind && <span class="muted">{lookUp(`subject.${kind}`)} </span>}
      {href ? <Link href={href}>{shown}</Link> : shown}
    </span>
  );
}
