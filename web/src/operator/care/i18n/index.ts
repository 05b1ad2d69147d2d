/** Words of customer care. */
import { useWords } from "../../../shared/i18n";
import { en } from "./en";
import { pt } from "./pt";

const WORDS = { "pt-BR": pt, en };
export type CareKey = keyof typeof pt;
export type CareWords = ReturnType<typeof useCareWords>;

export const useCareWords = () => useWords<CareKey>(WORDS);
