/** Customer care: money and conversation around a rental. */
import type { Area } from "../area";
import { DisputesPage } from "./disputes/disputes-page";
import { useCareWords } from "./i18n";
import { WaitingPage } from "./messages/waiting-page";
import { DISPUTES, MESSAGES, REVIEWS } from "./parts/links";
import { RentalPage } from "./rental-page";
import { ReviewsPage } from "./reviews/reviews-page";

export const CARE: Area = {
  pages: [
    { path: MESSAGES, draw: () => <WaitingPage /> },
    { path: REVIEWS, draw: () => <ReviewsPage /> },
    { path: DISPUTES, draw: () => <DisputesPage /> },
    {
      path: "/operator/care/:reference",
      draw: ({ reference = "" }) => <RentalPage reference={reference} />,
    },
  ],
  useMenu: () => {
    const { t } = useCareWords();
    return [
      { href: MESSAGES, label: t("menu.messages") },
      { href: REVIEWS, label: t("menu.reviews") },
      { href: DISPUTES, label: t("menu.disputes") },
    ];
  },
};
