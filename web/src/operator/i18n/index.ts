/** Words of the console's frame and of what its areas share. */
import { useWords } from "../../shared/i18n";
import { en } from "./en";
import { pt } from "./pt";

const WORDS = { "pt-BR": pt, en };
export type FrameKey = keyof typeof pt;

export const useFrameWords = () => useWords<FrameKey>(WORDS);
