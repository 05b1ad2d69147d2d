/** Words of the pages about the whole company. */
import { useWords } from "../../../shared/i18n";
import { en } from "./en";
import { pt } from "./pt";

const WORDS = { "pt-BR": pt, en };
export type CompanyKey = keyof typeof pt;

export const useCompanyWords = () => useWords<CompanyKey>(WORDS);
