/** Seats, bags, doors, gearbox, air conditioning: what tells one class from another. */
import type { CarClass } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Icon } from "../../shared/ui/icon";

export function ClassFacts({ carClass }: { carClass: CarClass }) {
  const { t, count, number } = useI18n();
  const { rating } = carClass;
  return (
    <ul class="facts">
      <li>
        <Icon name="seat" />
        {count("class.seats", carClass.seats)}
      </li>
      <li>
        <Icon name="bag" />
        {count("class.bags", carClass.bags)}
      </li>
      <li>
        <Icon name="gear" />
        {t(`class.${carClass.transmission}`)}
      </li>
      {carClass.air_conditioning && (
        <li>
          <Icon name="snow" />
          {t("class.air")}
        </li>
      )}
      {rating && (
        <li>
          <Icon name="star" />
          {count("class.rating", rating.count, { average: number(rating.average) })}
        </li>
      )}
    </ul>
  );
}
