/** A branch's day: who comes for a car, who brings one back, and which cars are missing. */
import { listOverdue, readManifest } from "../../../api/desk";
import { navigate, usePage, usePlace } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { withQuery } from "../../../api/operator";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { TODAY } from "../addresses";
import { useOwnBranches } from "../branches";
import { useDeskWords } from "../i18n";
import { useFresh } from "../use-fresh";
import { type Looked, lookedAt, sortOut } from "./day";
import { DayPicker } from "./day-picker";
import { Glance } from "./glance";
import { ManifestTable } from "./manifest-table";
import { OverdueTable } from "./overdue-table";

const EACH_MINUTE = () => 60_000;

export function TodayPage() {
  const { t } = useDeskWords();
  const { query } = usePlace();
  const own = useOwnBranches();
  usePage(t("today.title"));
  const looked = own.data && lookedAt(query, own.data, Date.now());
  const look = (branch: string, day: string) => navigate(withQuery(TODAY, { branch, day }));
  return (
    <>
      <h1 tabIndex={-1}>{t("today.title")}</h1>
      {own.pending && <Skeleton shapes={4} />}
      {own.problem && <ProblemNotice problem={own.problem} retry={own.reload} />}
      {own.data && !looked && <Forbidden />}
      {own.data && looked && (
        <>
          <DayPicker own={own.data} looked={looked} onLook={look} />
          <Day looked={looked} />
        </>
      )}
    </>
  );
}

function Day({ looked: { branch, day, isToday } }: { looked: Looked }) {
  const { t, dateTime } = useDeskWords();
  const { token } = useSession();
  const { data, problem, pending, reload, readAt } = useFresh(
    `day ${branch.code} ${day} ${isToday}`,
    async (signal) => {
      const [rows, overdue] = await Promise.all([
        readManifest(token, branch.code, day, signal),
        isToday ? listOverdue(token, branch.code, signal) : [],
      ]);
      return { ...sortOut(rows), overdue };
    },
    EACH_MINUTE,
  );
  const title = dateTime(`${day}T12:00:00Z`, "UTC", { dateStyle: "full" });
  return (
    <>
      <p class="lead">{t("today.lead", { branch: branch.name, day: title })}</p>
      {problem?.status === 403 && <Forbidden />}
      {problem && problem.status !== 403 && <ProblemNotice problem={problem} retry={reload} />}
      {pending && <Skeleton shapes={6} />}
      {data && (
        <>
          <Glance {...data} isToday={isToday} />
          {data.overdue.length > 0 && (
            <section class="desk-part" aria-labelledby="overdue">
              <h2 id="overdue">{t("today.overdue")}</h2>
              <OverdueTable rentals={data.overdue} />
            </section>
          )}
          <section class="desk-part" aria-labelledby="pickups">
            <h2 id="pickups">{t("today.pickups")}</h2>
            <ManifestTable kind="pickup" rows={data.pickups} branch={branch} />
          </section>
          <section class="desk-part" aria-labelledby="returns">
            <h2 id="returns">{t("today.returns")}</h2>
            <ManifestTable kind="return" rows={data.returns} branch={branch} />
          </section>
          {readAt && (
            <div class="desk-foot">
              <p class="muted">
                {t("today.read_at", {
                  time: dateTime(readAt, branch.timezone, { timeStyle: "short" }),
                  zone: branch.timezone,
                })}
              </p>
              <div class="actions">
                <button type="button" class="button button-quiet" onClick={reload}>
                  {t("today.reload")}
                </button>
                <button type="button" class="button button-quiet" onClick={() => window.print()}>
                  {t("today.print")}
                </button>
              </div>
            </div>
          )}
        </>
      )}
    </>
  );
}
