#include "models/report/export/measure_meanings.hpp"

#include <utility>

namespace optichain::models::report {
namespace {

using Meaning = std::pair<std::string_view, std::string_view>;

constexpr Meaning meanings[] = {
    {"attempts", "attempts to qualify that were begun"},
    {"backlog", "ordered and not shipped, at the end of the period or week"},
    {"backlog_cost", "paid for orders that wait"},
    {"bandwidth", "capacity of the pieces shipped"},
    {"bound", "the most that perfect foresight could deliver"},
    {"bound_ratio", "shipped over bound"},
    {"called", "ordered on an agreement"},
    {"cancelled", "ordered beyond the need and cancelled when supply recovered"},
    {"capacity_added", "capacity that programs brought on stream"},
    {"capital_expenditure", "paid for capacity"},
    {"cash", "received less paid since the start, at the end of the period"},
    {"cash_flow", "received less paid"},
    {"cash_to_seller", "paid under an agreement to the seller, less what the seller paid"},
    {"committed", "volume of the periods of an agreement that were settled"},
    {"conversion_cost", "paid for work"},
    {"cost", "paid for a program or a qualification"},
    {"cost_per_period",
     "cost of stock, backlog, transit and orders between two reviews, as inventory theory has it"},
    {"damages_in", "damages received under agreements"},
    {"damages_out", "damages paid under agreements"},
    {"days_down", "days on which a program held something up"},
    {"delivered", "received by customers; shipped on an agreement"},
    {"demanded", "wanted by customers"},
    {"diverted_to", "went to the holder of an agreement instead"},
    {"down", "part of the time in which a program held something up"},
    {"expedited", "sent express"},
    {"expediting_cost", "paid for express shipments"},
    {"failures", "attempts to qualify that failed"},
    {"fill_rate", "shipped (or delivered) over demanded of the same period"},
    {"fixed_cost", "paid for lines whether they work or not"},
    {"freight_cost", "paid for transport"},
    {"holding_cost", "paid for stock"},
    {"idle_cost", "paid for capacity that was not used"},
    {"in_process", "started and not finished"},
    {"lead_time",
     "from order to receipt, mean of the pieces; weekly, the sum over pieces received"},
    {"lost_margin", "what orders that were withdrawn would have earned"},
    {"lost_to", "pieces wanted and not started that wait for this first, less those started later"},
    {"lost_to_line", "pieces wanted and not started because the line was full"},
    {"lost_value", "value of orders that customers gave up"},
    {"margin", "sales less purchases, conversion, freight and express"},
    {"needed", "what the end demand needs, through the bills of materials"},
    {"npv_buyer", "present value of an agreement to the buyer"},
    {"npv_seller", "present value of an agreement to the seller"},
    {"on_hand", "stock"},
    {"ordered", "pieces ordered"},
    {"owed", "called on an agreement and not shipped"},
    {"payable", "due to others and not paid"},
    {"penalty", "damages and termination fees of an agreement"},
    {"prepaid_balance", "prepaid under an agreement and not yet credited"},
    {"prepayments_in", "prepayments received"},
    {"prepayments_out", "prepayments paid"},
    {"price", "paid per piece"},
    {"price_factor", "what scarcity makes of the price curve"},
    {"price_index", "chained Laspeyres index of the market, 1 in the first year"},
    {"produced", "good pieces made"},
    {"profit", "margin less costs of time and qualifications"},
    {"purchases", "paid for inputs"},
    {"qualification_cost", "paid for attempts to qualify"},
    {"qualified", "part of the period in which it was qualified"},
    {"receivable", "due from others and not received"},
    {"received", "pieces that arrived"},
    {"revenue", "paid by customers"},
    {"sales", "paid for pieces shipped"},
    {"scrap", "pieces lost to yield"},
    {"share", "share of the family's pieces; share of the new that is planned"},
    {"share_of_shipments", "share of the market's pieces"},
    {"shipped", "pieces shipped"},
    {"short", "pieces that starts lacked of the item that was the tightest"},
    {"shortage_apparent", "1 - shipped / ordered, as sellers see it"},
    {"shortage_binding", "short over needed: the item's own part in a shortage"},
    {"shortage_true", "1 - supplied / needed"},
    {"shortfall_buyer", "volume of an agreement that was not called"},
    {"shortfall_seller", "called and not delivered in the same period"},
    {"spend", "paid for pieces received"},
    {"spot_price", "price of the spot market"},
    {"started", "pieces started"},
    {"stock", "mean stock at all sites"},
    {"stock_value", "stock at market prices"},
    {"strikes", "how often a program began to act"},
    {"supplied", "received or made where it is used up"},
    {"take_or_pay", "paid for pieces not called, less what was made up"},
    {"take_or_pay_in", "received for pieces not called"},
    {"take_or_pay_out", "paid for pieces not called"},
    {"technology", "share of the family's pieces of this technology"},
    {"termination_in", "termination fees received"},
    {"termination_out", "termination fees paid"},
    {"unmet", "demanded less shipped; of causes, the part that is traced back to them"},
    {"used", "pieces used up"},
    {"utilisation", "work done over work possible"},
    {"waiting_margin", "what open orders would earn"},
    {"waiting_value", "value of open orders"},
    {"wanted", "pieces that the plan wanted to start"},
    {"withdrawn", "ordered and given up"},
    {"work_done", "work of a line, in its unit"},
    {"work_possible", "capacity of a line, in its unit"},
};

}  // namespace

std::string_view measure_meaning(std::string_view measure) {
  const std::string_view kind = measure.substr(0, measure.find('.'));
  for (const auto& [name, meaning] : meanings) {
    if (name == kind) return meaning;
  }
  return {};
}

}  // namespace optichain::models::report
