/** Every rental of the operator's branches, the newest booking first, and the search among them. */
import { useState } from "preact/hooks";
import { type ListedRental, listRentals } from "../../../api/desk";
import { withQuery } from "../../../api/operator";
import type { Branch } from "../../../api/types";
import { navigate, usePage, usePlace } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { RENTALS } from "../addresses";
import { useOwnBranches } from "../branches";
import { useDeskWords } from "../i18n";
import { FilterForm } from "./filter-form";
import { type Filters, filtersFrom, toQuery } from "./filters";
import { useColumns } from "./columns";

/** A name or an e-mail address: kept while the tab lives and nowhere else, least in the address. */
let searched = "";

export function RentalsPage() {
  const { t } = useDeskWords();
  const own = useOwnBranches();
  usePage(t("rentals.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("rentals.title")}</h1>
      {own.pending && <Skeleton shapes={4} />}
      {own.problem && <ProblemNotice problem={own.problem} retry={own.reload} />}
      {own.data?.[0] && <Found own={own.data} home={own.data[0]} />}
      {own.data?.length === 0 && <Forbidden />}
    </>
  );
}

function Found({ own, home }: { own: readonly Branch[]; home: Branch }) {
  const { t } = useDeskWords();
  const { query } = usePlace();
  const { token } = useSession();
  const filters = filtersFrom(query);
  const [search, setSearch] = useState(searched);
  const { timezone } = own.find(({ code }) => code === filters.branch) ?? home;
  const asked = toQuery(filters, search, timezone);
  const pages = usePages<ListedRental>(JSON.stringify(asked), (cursor, signal) =>
    listRentals(token, { ...asked, cursor }, signal),
  );
  const columns: Column<ListedRental>[] = useColumns();
  const apply = (wanted: Filters, words: string) => {
    searched = words;
    setSearch(words);
    const to = withQuery(RENTALS, { ...wanted });
    if (to !== withQuery(RENTALS, Object.fromEntries(query))) navigate(to);
  };
  const narrowed = Object.values(asked).some(Boolean);
  return (
    <>
      <FilterForm
        key={query.toString()}
        own={own}
        filters={filters}
        search={search}
        timezone={timezone}
        onApply={apply}
      />
      <section class="desk-part" aria-busy={pages.pending} aria-label={t("rentals.found")}>
        <List
          caption={t("rentals.found")}
          pages={pages}
          columns={columns}
          keyOf={({ reference }) => reference}
          empty={t(narrowed ? "rentals.none_found" : "rentals.none")}
        />
      </section>
    </>
  );
}
