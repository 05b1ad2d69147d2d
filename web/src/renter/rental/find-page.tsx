/** Back to a rental: those of this device, or by the link of the confirmation e-mail. */
import { useState } from "preact/hooks";
import { useI18n } from "../../shared/i18n";
import { Link, navigate, usePage } from "../../shared/router";
import { TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { forgetRental, knownRentals, readManageLink, rememberRental } from "./tokens";

export function FindPage() {
  const { t } = useI18n();
  usePage(t("find.title"));
  return (
    <div class="wrap page page-narrow">
      <h1 tabIndex={-1}>{t("find.title")}</h1>
      <FindRental />
    </div>
  );
}

export function FindRental() {
  const { t } = useI18n();
  const [known, setKnown] = useState(knownRentals);
  const [link, setLink] = useState("");
  const [fault, setFault] = useState("");
  const open = (event: Event) => {
    event.preventDefault();
    const found = readManageLink(link);
    if (!found) return setFault(t("find.link_fault"));
    rememberRental({ ...found, label: "" });
    navigate(`/rentals/${found.reference}`);
  };
  const forget = (reference: string) => {
    forgetRental(reference);
    setKnown(knownRentals());
  };
  return (
    <>
      {known.length > 0 && (
        <section class="card" aria-labelledby="known">
          <h2 id="known">{t("find.known")}</h2>
          <ul class="known">
            {known.map(({ reference, label }) => (
              <li key={reference}>
                <Link href={`/rentals/${reference}`}>
                  <strong>{reference}</strong>
                  {label && <span class="muted">{label}</span>}
                </Link>
                <button
                  type="button"
                  class="button button-quiet button-small"
                  aria-label={t("find.forget_one", { reference })}
                  onClick={() => forget(reference)}
                >
                  {t("find.forget")}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="card" aria-labelledby="by-mail">
        <h2 id="by-mail">{t("find.by_mail")}</h2>
        <p class="hint-icon">
          <Icon name="mail" />
          {t("find.by_mail_text")}
        </p>
        <form onSubmit={open} noValidate class="find-form">
          <TextField
            id="manage-link"
            label={t("find.link")}
            type="url"
            autoComplete="off"
            value={link}
            fault={fault || undefined}
            onText={(text) => {
              setLink(text);
              setFault("");
            }}
          />
          <button type="submit" class="button button-primary">
            {t("find.open")}
          </button>
        </form>
      </section>
    </>
  );
}
