/** One rental: its state in words, what to do next, and all that was agreed. */
import { useEffect, useState } from "preact/hooks";
import { useI18n } from "../../shared/i18n";
import { usePage } from "../../shared/router";
import { ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { CancelPanel } from "./cancel-panel";
import { ChangePanel } from "./changes/change-panel";
import { CarPhotos } from "./car-photos";
import { FindRental } from "./find-page";
import { useRental } from "./follow";
import { Papers } from "./papers-card";
import { MessagesPanel } from "./messages-panel";
import { Owed } from "./owed";
import { RentalDetails } from "./rental-details";
import { ReviewPanel } from "./review-panel";
import { RentalStatusPanel } from "./status-panel";
import { judgeToken, rememberRental, tokenFromHash, tokenOf } from "./tokens";

/**
 * Takes the token of a manage link, and what Stripe adds to a return address, out of the address
 * bar before anything can read, log or share it.
 */
function claimToken(reference: string): string | null {
  const token = tokenFromHash(window.location.hash);
  if (token && !tokenOf(reference)) rememberRental({ reference, token, label: "" });
  if (window.location.hash || window.location.search) {
    window.history.replaceState(null, "", window.location.pathname);
  }
  return token ?? tokenOf(reference);
}

export function RentalPage({ reference }: { reference: string }) {
  const { t, locale } = useI18n();
  const [token, setToken] = useState(() => claimToken(reference));
  const { rental, problem, refresh } = useRental(reference, token, locale);
  usePage(t("rental.title", { reference }));
  const works = rental ? true : problem?.code === "unauthenticated" ? false : null;
  useEffect(() => {
    if (token && works !== null) setToken(judgeToken(reference, token, works));
  }, [reference, token, works]);
  useEffect(() => {
    const claim = () => setToken(claimToken(reference));
    window.addEventListener("hashchange", claim);
    return () => window.removeEventListener("hashchange", claim);
  }, [reference]);

  const lost =
    !token || ["unauthenticated", "not_found", "forbidden"].includes(problem?.code ?? "");
  if (lost) {
    return (
      <div class="wrap page page-narrow">
        <h1 tabIndex={-1}>{t("rental.lost_title")}</h1>
        <p class="lead">{t("rental.lost", { reference })}</p>
        <FindRental />
      </div>
    );
  }
  return (
    <div class="wrap page rental-page">
      <h1 tabIndex={-1}>{t("rental.title", { reference })}</h1>
      {problem && <ProblemNotice problem={problem} retry={refresh} />}
      {!rental && !problem && <Skeleton shapes={6} />}
      {rental && (
        <>
          <RentalStatusPanel rental={rental} token={token} refresh={refresh} />
          <Owed rental={rental} token={token} refresh={refresh} />
          <Papers rental={rental} token={token} refresh={refresh} />
          <ReviewPanel rental={rental} token={token} />
          <CarPhotos rental={rental} token={token} />
          <RentalDetails rental={rental} />
          <MessagesPanel rental={rental} token={token} />
          <ChangePanel rental={rental} token={token} refresh={refresh} />
          <CancelPanel rental={rental} token={token} refresh={refresh} />
        </>
      )}
    </div>
  );
}
