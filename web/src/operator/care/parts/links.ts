/** Addresses of customer care. No personal data: references alone. */
export const MESSAGES = "/operator/messages";
export const REVIEWS = "/operator/reviews";
export const DISPUTES = "/operator/disputes";

export const careOf = (reference: string) => `/operator/care/${encodeURIComponent(reference)}`;
