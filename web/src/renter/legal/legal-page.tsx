/** Terms and privacy in plain words: headed paragraphs that stand in the dictionaries. */
import { useI18n } from "../../shared/i18n";
import { usePage } from "../../shared/router";

const SECTIONS = {
  terms: ["driver", "payment", "deposit", "cancel", "fuel", "class"],
  privacy: ["what", "why", "card", "who", "rights", "device"],
} as const;

export function LegalPage({ about }: { about: keyof typeof SECTIONS }) {
  const { t, lookUp } = useI18n();
  usePage(t(`${about}.title`));
  return (
    <div class="wrap page page-narrow prose">
      <h1 tabIndex={-1}>{t(`${about}.title`)}</h1>
      {SECTIONS[about].map((section) => (
        <section key={section}>
          <h2>{lookUp(`${about}.${section}.title`)}</h2>
          <p>{lookUp(`${about}.${section}.text`)}</p>
        </section>
      ))}
    </div>
  );
}
