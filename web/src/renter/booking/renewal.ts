/** Signed offers lapse: who still looks at one gets a fresh one in time. */
import { useEffect } from "preact/hooks";
import type { Offer } from "../../api/types";

/** Asks for a new offer shortly before the present one lapses. */
export function useRenewal(offer: Offer | null, renew: () => void): void {
  const expiresAt = offer?.expires_at;
  useEffect(() => {
    if (!expiresAt) return;
    const wait = Math.max(Date.parse(expiresAt) - Date.now() - 30_000, 5_000);
    const timer = window.setTimeout(renew, wait);
    return () => window.clearTimeout(timer);
  }, [expiresAt, renew]);
}
