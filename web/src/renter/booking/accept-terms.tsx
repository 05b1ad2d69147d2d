/** The box without which nothing is booked, and what it is about. */
import { useI18n } from "../../shared/i18n";
import { Icon } from "../../shared/ui/icon";

interface AcceptTermsProps {
  accepted: boolean;
  fault: string | undefined;
  onChange: (accepted: boolean) => void;
}

export function AcceptTerms({ accepted, fault, onChange }: AcceptTermsProps) {
  const { t } = useI18n();
  return (
    <>
      <label class="choice">
        <input
          type="checkbox"
          id="accept_terms"
          checked={accepted}
          aria-invalid={fault ? true : undefined}
          aria-describedby={fault ? "accept_terms-fault" : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>
          {t("book.accept")}{" "}
          <a href="/terms" target="_blank" rel="noopener">
            {t("terms.title")}
          </a>
          {" · "}
          <a href="/privacy" target="_blank" rel="noopener">
            {t("privacy.title")}
          </a>
        </span>
      </label>
      {fault && (
        <p class="fault" id="accept_terms-fault">
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </>
  );
}
