// Everything an exchange said, in order, and a wait for its end.
#pragma once

#include "core/model/modelclient.h"

#include <QEventLoop>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::test {

class Recorder : public QObject {
    Q_OBJECT
public:
    explicit Recorder(std::unique_ptr<model::ModelExchange> started) : exchange(std::move(started))
    {
        using model::ModelExchange;
        connect(exchange.get(), &ModelExchange::textArrived, this, [this](const std::string& piece) {
            ++pieces;
            text += piece;
            lateSignals += ends;
        });
        connect(exchange.get(), &ModelExchange::retrying, this, [this](const model::RetryNotice& notice) {
            notices.push_back(notice);
            text.clear();
            lateSignals += ends;
        });
        connect(exchange.get(), &ModelExchange::finished, this, [this](const model::Response& answer) {
            response = answer;
            ended();
        });
        connect(exchange.get(), &ModelExchange::failed, this, [this](const Error& what) {
            error = what;
            ended();
        });
    }

    // Waits for the end, then a little longer for a second one that must not come.
    void wait(int milliseconds = 20000)
    {
        QTimer::singleShot(milliseconds, &m_loop, &QEventLoop::quit);
        if (ends == 0)
            m_loop.exec();
        QEventLoop after;
        QTimer::singleShot(30, &after, &QEventLoop::quit);
        after.exec();
    }

    std::unique_ptr<model::ModelExchange> exchange;
    std::string text;
    int pieces = 0;
    std::vector<model::RetryNotice> notices;
    std::optional<model::Response> response;
    std::optional<Error> error;
    int ends = 0;
    int lateSignals = 0; // anything after the end

private:
    void ended()
    {
        ++ends;
        m_loop.quit();
    }
    QEventLoop m_loop;
};

} // namespace gatehouse::test
