/** One class on offer: the car, the total, how it comes about, and the way to book it. */
import type { ComponentChildren } from "preact";
import type { CarClass, Offer } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Link } from "../../shared/router";
import { Icon } from "../../shared/ui/icon";
import { PriceTable } from "../../shared/ui/price-table";
import { PolicyText } from "../rental/policy-text";
import { CarPicture } from "./car-picture";
import { isSoldOut } from "./sold-out";
import { ClassFacts } from "./class-facts";

/** From how many cars on it is not worth a word. */
const FEW = 3;

interface OfferCardProps {
  offer: Offer;
  carClass: CarClass | undefined;
  href: string;
  timeZone: string;
  /** What stands in the place of the price's details when the class is sold out. */
  children?: ComponentChildren;
}

export function OfferCard({ offer, carClass, href, timeZone, children }: OfferCardProps) {
  const { t, count, money } = useI18n();
  const soldOut = isSoldOut(offer);
  const name = carClass?.name ?? offer.class;
  const perDay = {
    ...offer.price.total,
    amount: Math.round(offer.price.total.amount / offer.charged_days),
  };
  return (
    <li class={`card offer ${soldOut ? "is-sold-out" : ""}`}>
      <div class="offer-car">
        <CarPicture carClass={carClass} />
      </div>
      <div class="offer-about">
        <h2>{name}</h2>
        {carClass && (
          <p class="muted">
            {t("class.similar", { model: carClass.example_model })} · {offer.class}
          </p>
        )}
        {!soldOut && offer.available <= FEW && (
          <p class="badge badge-warning">{count("offer.left", offer.available)}</p>
        )}
      </div>
      {carClass && <ClassFacts carClass={carClass} />}
      <div class="offer-price">
        {soldOut ? (
          <p class="badge">{t("offer.sold_out")}</p>
        ) : (
          <>
            <p class="price-total">{money(offer.price.total)}</p>
            <p class="muted">
              {count("price.days", offer.charged_days)} ·{" "}
              {t("price.per_day", { amount: money(perDay) })}
            </p>
            <Link
              class="button button-primary"
              href={href}
              aria-label={t("offer.book_class", { name })}
            >
              {t("offer.book")}
              <Icon name="arrow" />
            </Link>
          </>
        )}
      </div>
      {soldOut && children}
      {!soldOut && (
        <details class="offer-details">
          <summary>{t("price.details")}</summary>
          <div class="offer-detail-columns">
            <PriceTable price={offer.price} caption={t("price.caption", { name })} />
            <div class="offer-terms">
              <PolicyText policy={offer.cancellation_policy} timeZone={timeZone} />
              <p>{t("price.deposit", { amount: money(offer.deposit) })}</p>
            </div>
          </div>
        </details>
      )}
    </li>
  );
}
