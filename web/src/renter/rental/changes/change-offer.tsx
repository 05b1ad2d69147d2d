/** One class that the rental can become: its whole price, and the difference in words. */
import type { ComponentChildren } from "preact";
import type { CarClass, Money, Offer, Price, Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Icon } from "../../../shared/ui/icon";
import { CarPicture } from "../../cars/car-picture";
import { ClassFacts } from "../../cars/class-facts";
import { isSoldOut } from "../../cars/sold-out";
import { differenceOf, paysAtCounter } from "./difference";

interface ChangeOfferProps {
  rental: Rental;
  offer: Offer;
  /** With what the rental has beside the car. */
  price: Price;
  kept: Money;
  carClass: CarClass | undefined;
  onChoose: () => void;
  /** What stands in the price's place when the class is sold out. */
  children?: ComponentChildren;
}

export function ChangeOffer(props: ChangeOfferProps) {
  const { rental, offer, price, kept, carClass, onChoose, children } = props;
  const { t, money } = useI18n();
  const soldOut = isSoldOut(offer);
  const name = carClass?.name ?? offer.class;
  const { kind, amount } = differenceOf(price.total, kept, paysAtCounter(rental));
  const difference = t(`change.difference.${kind}`, { amount: money(amount) });
  return (
    <li class={`card offer ${soldOut ? "is-sold-out" : ""}`}>
      <div class="offer-car">
        <CarPicture carClass={carClass} />
      </div>
      <div class="offer-about">
        <h4>{name}</h4>
        {carClass && (
          <p class="muted">{t("class.similar", { model: carClass.example_model })}</p>
        )}
        {offer.class === rental.class && <p class="badge">{t("change.yours")}</p>}
      </div>
      {carClass && <ClassFacts carClass={carClass} />}
      <div class="offer-price">
        {soldOut ? (
          <p class="badge">{t("offer.sold_out")}</p>
        ) : (
          <>
            <p class="price-total">{money(price.total)}</p>
            <p class={`change-difference change-${kind}`}>{difference}</p>
            <button
              type="button"
              class="button button-primary"
              aria-label={t("change.choose_class", { name, difference })}
              onClick={onChoose}
            >
              {t("change.choose")}
              <Icon name="arrow" />
            </button>
          </>
        )}
      </div>
      {soldOut && children}
    </li>
  );
}
