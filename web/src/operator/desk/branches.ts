/** The branches that whoever is signed in works for. */
import { loadBranches } from "../../api/calls";
import type { Branch } from "../../api/types";
import { useLoad, type Loaded } from "../../shared/load";
import { useSession } from "../session/gate";

export function useOwnBranches(): Loaded<Branch[]> {
  const { person } = useSession();
  return useLoad("branches", async () => ownOf(await loadBranches(), person.branches));
}

/** In the token's order, which names the home branch first; an empty one means every branch. */
export function ownOf(all: readonly Branch[], codes: readonly string[]): Branch[] {
  if (codes.length === 0) return [...all];
  return codes.flatMap((code) => all.find((each) => each.code === code) ?? []);
}
