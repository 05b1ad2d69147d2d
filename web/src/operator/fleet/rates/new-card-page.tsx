/** A new version of a card: a file, what it would change, and only then its publication. */
import { type RateCards, readRates } from "../../../api/fleet";
import { withQuery } from "../../../api/operator";
import { useLoad } from "../../../shared/load";
import { Link, usePage, usePlace } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { Catalogued, companyZone } from "../parts/catalogue";
import { groupsOf, RATES } from "./address";
import { NewCardForm } from "./new-card-form";

export function NewCardPage() {
  const { t } = useFleetWords();
  const { query } = usePlace();
  usePage(t("new_card.title"));
  const group = query.get("group");
  return (
    <>
      <p>
        <Link href={withQuery(RATES, { group })}>{t("new_card.back")}</Link>
      </p>
      <h1 tabIndex={-1}>{t("new_card.title")}</h1>
      <p class="lead">{t("new_card.lead")}</p>
      <Form group={group} />
    </>
  );
}

function Form({ group }: { group: string | null }) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const { data, problem, pending, reload } = useLoad("rates of every group", (signal) =>
    readRates(token, {}, signal),
  );
  if (pending) return <Skeleton shapes={4} />;
  if (problem?.status === 403) return <Forbidden />;
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return null;
  const groups = groupsOf(data);
  const chosen = groups.find((each) => each === group) ?? groups[0];
  if (!chosen) return <p class="muted">{t("rates.none")}</p>;
  return (
    <Catalogued>
      {({ branches }) => (
        <NewCardForm
          groups={groups}
          initial={chosen}
          currencies={currenciesOf(data)}
          zone={companyZone(branches)}
        />
      )}
    </Catalogued>
  );
}

const currenciesOf = ({ cards }: RateCards): Record<string, string> =>
  Object.fromEntries(cards.map(({ branch_group: group, currency }) => [group, currency]));
