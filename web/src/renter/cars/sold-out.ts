import type { Offer } from "../../api/types";

/** Sold out, an offer stands in the list without the token that books it. */
export const isSoldOut = (offer: Offer): boolean => offer.available < 1 || !offer.offer;
