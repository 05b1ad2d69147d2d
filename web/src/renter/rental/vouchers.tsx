/** What Pix and boleto payers need in their bank's app: a picture, a code, a voucher. */
import { useRef, useState } from "preact/hooks";
import { useI18n } from "../../shared/i18n";
import { Icon } from "../../shared/ui/icon";
import { type AskedPayment, isSafeUrl } from "./phase";

function details(payment: AskedPayment, name: string): Record<string, string> {
  const found = payment.next_action?.[name];
  const entries = Object.entries(found && typeof found === "object" ? found : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

export function PixCode({ payment }: { payment: AskedPayment }) {
  const { t } = useI18n();
  const {
    data = "",
    image_url_svg = "",
    hosted_instructions_url = "",
  } = details(payment, "pix_display_qr_code");
  return (
    <div class="voucher">
      {isSafeUrl(image_url_svg) && (
        <img class="qr" src={image_url_svg} alt={t("pix.qr")} width="220" height="220" />
      )}
      {data && <CopyCode label={t("pix.code")} code={data} />}
      <OutsideLink url={hosted_instructions_url} label={t("pix.instructions")} />
    </div>
  );
}

/** Where boletos are paid, and by whose clock they lapse. */
const BOLETO_ZONE = "America/Sao_Paulo";

/** Until when a boleto may be paid; null if the bank did not say so. Stripe counts in seconds. */
function boletoEnd(payment: AskedPayment): number | null {
  const shown = payment.next_action?.["boleto_display_details"] as { expires_at?: unknown } | null;
  return typeof shown?.expires_at === "number" ? shown.expires_at * 1000 : null;
}

export function BoletoVoucher({ payment }: { payment: AskedPayment }) {
  const { t, dateTime } = useI18n();
  const end = boletoEnd(payment);
  const {
    number = "",
    hosted_voucher_url = "",
    pdf = "",
  } = details(payment, "boleto_display_details");
  return (
    <div class="voucher">
      {end !== null && <p>{t("boleto.end", { when: dateTime(end, BOLETO_ZONE) })}</p>}
      {number && <CopyCode label={t("boleto.number")} code={number} />}
      <OutsideLink url={hosted_voucher_url} label={t("boleto.open")} />
      <OutsideLink url={pdf} label={t("boleto.pdf")} />
    </div>
  );
}

function OutsideLink({ url, label }: { url: string; label: string }) {
  if (!isSafeUrl(url)) return null;
  return (
    <a class="button button-quiet" href={url} target="_blank" rel="noopener noreferrer">
      {label}
    </a>
  );
}

function CopyCode({ label, code }: { label: string; code: string }) {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code);
      setCopied(true);
    } catch {
      field.current?.focus(); // selects it: what the browser refuses, its reader can do
    }
  };
  return (
    <div class="field">
      <label for="voucher-code">{label}</label>
      <div class="copy">
        <input
          ref={field}
          id="voucher-code"
          readOnly
          value={code}
          onFocus={(event) => event.currentTarget.select()}
        />
        <button type="button" class="button button-quiet" onClick={() => void copy()}>
          <Icon name="copy" />
          {copied ? t("action.copied") : t("action.copy")}
        </button>
      </div>
      <span class="visually-hidden" role="status">
        {copied ? t("action.copied") : ""}
      </span>
    </div>
  );
}
