/** The classes that the rental can become, each with what stays as it is and what it means. */
import type { Branch, CarClass, ModificationOffers, Offer, Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Notice } from "../../../shared/ui/notice";
import { type Choices, estimate } from "../../booking/estimate";
import { Alternatives } from "../../cars/alternatives";
import { isSoldOut } from "../../cars/sold-out";
import type { Trip } from "../../search/trip";
import { ChangeOffer } from "./change-offer";

interface ChangeOffersProps {
  rental: Rental;
  found: ModificationOffers;
  trip: Trip;
  branches: readonly Branch[];
  classes: readonly CarClass[];
  choices: Choices;
  onChoose: (acriss: string) => void;
  onTrip: (trip: Trip) => void;
}

export function ChangeOffers(props: ChangeOffersProps) {
  const { rental, found, classes, choices, onChoose, trip, branches, onTrip } = props;
  const { t, count } = useI18n();
  const { alternatives = [] } = found;
  const own = (each: Offer) => Number(each.class === rental.class);
  const offers = found.offers
    .map((offer) => ({ offer, price: estimate(offer, choices) }))
    .sort(
      (a, b) =>
        Number(isSoldOut(a.offer)) - Number(isSoldOut(b.offer)) ||
        own(b.offer) - own(a.offer) ||
        a.price.total.amount - b.price.total.amount,
    );
  const bookable = offers.filter(({ offer }) => !isSoldOut(offer)).length;
  return (
    <>
      <p role="status">{count("cars.found", bookable)}</p>
      {bookable === 0 && (
        <Notice tone="warning" title={t("cars.all_sold_out")}>
          <p>{t("cars.all_sold_out_text")}</p>
        </Notice>
      )}
      <ul class="offers">
        {offers.map(({ offer, price }) => (
          <ChangeOffer
            key={offer.class}
            rental={rental}
            kept={found.kept}
            offer={offer}
            price={price}
            carClass={classes.find((each) => each.acriss === offer.class)}
            onChoose={() => onChoose(offer.class)}
          >
            <Alternatives
              alternatives={alternatives.filter(
                (each) => each.instead_of === offer.class && each.kind !== "class",
              )}
              trip={trip}
              branches={branches}
              classes={classes}
              onTrip={onTrip}
            />
          </ChangeOffer>
        ))}
      </ul>
    </>
  );
}
