/** Every feature flag: what it does, whose it is, whether it is on, and a way to turn it. */
import { useRef, useState } from "preact/hooks";
import { readSwitches, type Switch } from "../../../api/company";
import { useLoad } from "../../../shared/load";
import { usePage } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { PageHead } from "../parts/page-head";
import { SwitchCard } from "./switch-card";
import { TakingEffect } from "./taking-effect";
import { TurnDialog } from "./turn-dialog";

export function FeaturesPage() {
  const { t, count } = useCompanyWords();
  const title = t("features.title");
  usePage(title);
  const { token } = useSession();
  const { data, problem, pending, reloading, reload } = useLoad("features", (signal) =>
    readSwitches(token, signal),
  );
  const [asked, setAsked] = useState<Switch | null>(null);
  const [turned, setTurned] = useState<{ now: Switch; round: number } | null>(null);
  const round = useRef(0);
  const close = (failed: boolean) => {
    setAsked(null);
    if (failed) reload();
  };
  const take = (now: Switch) => {
    setAsked(null);
    round.current += 1;
    setTurned({ now, round: round.current });
    reload();
  };
  const seconds = data?.effective_within_seconds ?? 0;
  return (
    <>
      <PageHead title={title} reload={reload} busy={reloading}>
        <p class="lead">{t("features.lead")}</p>
      </PageHead>
      {problem?.status === 403 && <Forbidden />}
      {problem && problem.status !== 403 && <ProblemNotice problem={problem} retry={reload} />}
      {pending && <Skeleton shapes={4} kind="card" />}
      {turned && <TakingEffect key={turned.round} turned={turned.now} seconds={seconds} />}
      {data && (
        <>
          <ul class="company-cards">
            {data.features.map((each) => (
              <li key={each.name}>
                <SwitchCard feature={each} onTurn={() => setAsked(each)} />
              </li>
            ))}
          </ul>
          <section class="company-note" aria-labelledby="features-how">
            <h2 id="features-how">{t("features.how")}</h2>
            <p>{count("features.effect", seconds)}</p>
            <p>{t("features.concurrent")}</p>
            <p>{t("features.audit")}</p>
          </section>
        </>
      )}
      {asked && (
        <TurnDialog feature={asked} seconds={seconds} onClose={close} onTurned={take} />
      )}
    </>
  );
}
