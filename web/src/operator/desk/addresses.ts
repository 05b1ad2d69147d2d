/** Where the desk's pages stand. */
export const TODAY = "/operator/today";
export const RENTALS = "/operator/rentals";

export const rentalAt = (reference: string): string => `${RENTALS}/${reference}`;
