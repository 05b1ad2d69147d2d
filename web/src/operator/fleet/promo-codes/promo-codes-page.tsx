/** Codes that take something off a price: their rules, their uses, making and changing them. */
import { useState } from "preact/hooks";
import { listPromoCodes, type PromoCode, readRates } from "../../../api/fleet";
import { useLoad } from "../../../shared/load";
import { usePage } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { type Catalogue, Catalogued, companyZone } from "../parts/catalogue";
import { Told } from "../parts/told";
import { PromoDialog } from "./promo-dialog";
import { PromoTable } from "./promo-table";

export function PromoCodesPage() {
  const { t } = useFleetWords();
  usePage(t("promos.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("promos.title")}</h1>
      <p class="lead">{t("promos.lead")}</p>
      <Catalogued>{(catalogue) => <Loaded catalogue={catalogue} />}</Catalogued>
    </>
  );
}

function Loaded({ catalogue }: { catalogue: Catalogue }) {
  const { token } = useSession();
  const { data, problem, pending, reload } = useLoad("promo codes", async (signal) => {
    const [codes, rates] = await Promise.all([
      listPromoCodes(token, signal),
      readRates(token, {}, signal),
    ]);
    return { codes, currencies: [...new Set(rates.cards.map(({ currency }) => currency))] };
  });
  if (pending) return <Skeleton shapes={5} />;
  if (problem?.status === 403) return <Forbidden />;
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return null;
  return <Codes {...data} catalogue={catalogue} refresh={reload} />;
}

interface CodesProps {
  codes: readonly PromoCode[];
  currencies: readonly string[];
  catalogue: Catalogue;
  refresh: () => void;
}

function Codes({ codes, currencies, catalogue, refresh }: CodesProps) {
  const { t } = useFleetWords();
  const [asked, setAsked] = useState<PromoCode | "new" | null>(null);
  const [said, setSaid] = useState("");
  const zone = companyZone(catalogue.branches);
  const ask = (what: PromoCode | "new") => {
    setSaid("");
    setAsked(what);
  };
  return (
    <>
      <p>
        <button type="button" class="button button-primary" onClick={() => ask("new")}>
          {t("promo.new")}
        </button>
      </p>
      <Told what={said} />
      {codes.length > 0 ? (
        <PromoTable codes={codes} zone={zone} onChange={ask} />
      ) : (
        <p class="muted">{t("promos.none")}</p>
      )}
      {asked && (
        <PromoDialog
          promo={asked === "new" ? null : asked}
          taken={codes.map(({ code }) => code)}
          currencies={currencies}
          catalogue={catalogue}
          zone={zone}
          onClose={() => setAsked(null)}
          onDone={({ code }) => {
            setAsked(null);
            setSaid(t("promo.saved", { code }));
            refresh();
          }}
        />
      )}
    </>
  );
}
