/** Which papers a rental has, awaits, and wants signed. */
import type { Rental, RentalDocument } from "../../api/types";

const AGREED: readonly Rental["status"][] = ["CONFIRMED", "CHECKED_OUT"];

export function agreementOf(rental: Rental): RentalDocument | undefined {
  return rental.documents?.find(({ name }) => name === "agreement.pdf");
}

/** From the confirmation on there is an agreement, a moment after it. */
export function awaitsAgreement(rental: Rental): boolean {
  return AGREED.includes(rental.status) && agreementOf(rental)?.status !== "ready";
}

export function canSign(rental: Rental): boolean {
  const agreement = agreementOf(rental);
  return AGREED.includes(rental.status) && agreement?.status === "ready" && !agreement.signed_at;
}

/** A paper that will be there in a moment is worth asking for again. */
export function awaitsPapers(rental: Rental): boolean {
  return awaitsAgreement(rental) || !!rental.documents?.some(({ status }) => status === "pending");
}
