/** Times with the name of their zone: an operator may sit in another one than the branch. */
import { loadBranches } from "../../../api/calls";
import { useLoad } from "../../../shared/load";
import { useCareWords } from "../i18n";

const NAMED: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
};

export type Moment = (at: string, timeZone: string) => string;

export function useMoment(): Moment {
  const { dateTime } = useCareWords();
  return (at, timeZone) => dateTime(at, timeZone, NAMED);
}

/** Where nothing says whose branch it is: the reader's own. */
export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone of a branch by its code; the reader's own until the branches are known. */
export function useZones(): (branch: string) => string {
  const { data } = useLoad("branches", () => loadBranches());
  return (code) => data?.find((each) => each.code === code)?.timezone ?? ownZone();
}
