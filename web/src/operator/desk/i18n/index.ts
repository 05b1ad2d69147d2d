/** Words of the desk. */
import { useWords } from "../../../shared/i18n";
import { en } from "./en";
import { pt } from "./pt";

const WORDS = { "pt-BR": pt, en };
export type DeskKey = keyof typeof pt;

export const useDeskWords = () => useWords<DeskKey>(WORDS);
