/** Branches and classes by their codes: what every page of the fleet names them with. */
import type { ComponentChildren } from "preact";
import { loadBranches, loadClasses } from "../../../api/calls";
import type { Branch, CarClass } from "../../../api/types";
import { useLoad } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";

export interface Catalogue {
  branches: readonly Branch[];
  classes: readonly CarClass[];
  /** The branches that whoever is signed in serves. */
  served: readonly Branch[];
}

interface CataloguedProps {
  children: (catalogue: Catalogue) => ComponentChildren;
}

export function Catalogued({ children }: CataloguedProps) {
  const { locale } = useFleetWords();
  const { person } = useSession();
  const { data, problem, reload } = useLoad(`catalogue ${locale}`, async () => {
    const [branches, classes] = await Promise.all([loadBranches(), loadClasses(locale)]);
    return { branches, classes };
  });
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return <Skeleton shapes={4} />;
  return <>{children({ ...data, served: servedBy(person.branches, data.branches) })}</>;
}

/** Nobody's branches in particular are everybody's. */
export function servedBy(own: readonly string[], branches: readonly Branch[]): Branch[] {
  return branches.filter(({ code }) => own.length === 0 || own.includes(code));
}

export const branchOf = (catalogue: Catalogue, code: string): Branch | undefined =>
  catalogue.branches.find((each) => each.code === code);

export const zoneOf = (catalogue: Catalogue, code: string): string =>
  branchOf(catalogue, code)?.timezone ?? "UTC";

/** `Econômico (ECMR)`; the code alone for a class that is not on offer. */
export function classLabel({ classes }: Catalogue, code: string): string {
  const name = classes.find(({ acriss }) => acriss === code)?.name;
  return name ? `${name} (${code})` : code;
}

export function branchLabel(catalogue: Catalogue, code: string): string {
  const name = branchOf(catalogue, code)?.name;
  return name ? `${name} (${code})` : code;
}

export const branchOptions = (branches: readonly Branch[]): (readonly [string, string])[] =>
  branches.map(({ code, city, name }) => [code, `${city} · ${name} (${code})`] as const);

export const classOptions = ({ classes }: Catalogue): (readonly [string, string])[] =>
  classes.map(({ acriss, name }) => [acriss, `${name} (${acriss})`] as const);

/** The clock of what concerns every branch: that of most of them. */
export function companyZone(branches: readonly Branch[]): string {
  const counts = new Map<string, number>();
  for (const { timezone } of branches) counts.set(timezone, (counts.get(timezone) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return most?.[0] ?? "UTC";
}
