/** A class as people call it, beside its code. */
import { loadClasses } from "../../api/calls";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";

export function useClassName(): (code: string) => string {
  const { locale } = useI18n();
  const { data } = useLoad(`classes ${locale}`, () => loadClasses(locale));
  return (code) => {
    const found = data?.find((each) => each.acriss === code);
    return found ? `${found.name} (${code})` : code;
  };
}
