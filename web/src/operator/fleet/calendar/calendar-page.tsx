/** What a branch has sold and has left, hour by hour, and where its cars are. */
import { readCalendar } from "../../../api/fleet";
import type { Branch } from "../../../api/types";
import { useLoad } from "../../../shared/load";
import { navigate, usePage, usePlace } from "../../../shared/router";
import { addDays, joinLocal, toRfc3339 } from "../../../shared/time";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { type Catalogue, Catalogued } from "../parts/catalogue";
import { CalendarControls } from "./calendar-controls";
import { ClassSummary } from "./class-summary";
import { DaysGrid } from "./days-grid";
import { HourGrids } from "./hour-grids";
import { Timelines } from "./timelines";
import { type CalendarView, readView, todayAt, viewPath } from "./view";

export function CalendarPage() {
  const { t } = useFleetWords();
  usePage(t("calendar.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("calendar.title")}</h1>
      <Catalogued>{(catalogue) => <ChosenBranch catalogue={catalogue} />}</Catalogued>
    </>
  );
}

function ChosenBranch({ catalogue }: { catalogue: Catalogue }) {
  const { query } = usePlace();
  const { served } = catalogue;
  const branch = served.find(({ code }) => code === query.get("branch")) ?? served[0];
  if (!branch) return <Forbidden />;
  const today = todayAt(branch.timezone);
  const view = readView(query, branch.code, today);
  const show = (part: Partial<CalendarView>) =>
    navigate(viewPath({ ...view, ...part }), { replace: true });
  return (
    <>
      <CalendarControls view={view} catalogue={catalogue} today={today} show={show} />
      <Shown view={view} branch={branch} catalogue={catalogue} />
    </>
  );
}

interface ShownProps {
  view: CalendarView;
  branch: Branch;
  catalogue: Catalogue;
}

function Shown({ view, branch, catalogue }: ShownProps) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const { day, days } = view;
  const midnight = (date: string) => toRfc3339(joinLocal(date, "00:00"), branch.timezone);
  const period = { from: midnight(day), to: midnight(addDays(day, days)) };
  const { data, problem, pending, reload } = useLoad(
    `calendar ${branch.code} ${day} ${days}`,
    (signal) => readCalendar(token, { branch: branch.code, ...period }, signal),
  );
  if (pending) return <Skeleton shapes={6} />;
  if (problem?.status === 403) return <Forbidden />;
  if (problem?.code === "validation_failed") {
    return <Notice tone="warning">{t("calendar.out_of_reach")}</Notice>;
  }
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return null;
  const isShown = ({ class: code }: { class: string }) => !view.class || code === view.class;
  const calendar = {
    ...data,
    classes: data.classes.filter(isShown),
    vehicles: data.vehicles.filter(isShown),
  };
  const given = { calendar, view, catalogue };
  return (
    <>
      <ClassSummary {...given} refresh={reload} />
      <DaysGrid {...given} />
      <HourGrids {...given} />
      <Timelines {...given} />
    </>
  );
}
