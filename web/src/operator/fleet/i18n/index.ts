/** Words of the fleet's pages. */
import { useWords } from "../../../shared/i18n";
import { en } from "./en";
import { pt } from "./pt";

const WORDS = { "pt-BR": pt, en };
export type FleetKey = keyof typeof pt;

export const useFleetWords = () => useWords<FleetKey>(WORDS);
