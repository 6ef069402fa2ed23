// Drives a fuzz target without libFuzzer: every file of the given folders, then mutations of them from a fixed seed, so that
// two runs do the same. Options: --runs N (mutations, default 20000), --seed N.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::string;

std::vector<Bytes> readCorpus(const std::vector<std::string>& folders)
{
    std::vector<std::filesystem::path> files;
    for (const std::string& folder : folders) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
            if (entry.is_regular_file())
                files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<Bytes> corpus(1); // the empty input too
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return corpus;
}

class Mutator {
public:
    Mutator(const std::vector<Bytes>& corpus, std::uint32_t seed) : m_corpus(corpus), m_random(seed) { }

    Bytes next()
    {
        Bytes bytes = m_corpus[below(m_corpus.size())];
        for (std::size_t changes = 1 + below(6); changes > 0; --changes)
            change(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : m_random() % bound; }

    void change(Bytes& bytes)
    {
        const std::size_t at = below(bytes.size() + 1);
        switch (below(6)) {
        case 0:
            bytes.insert(at, 1, static_cast<char>(below(256)));
            break;
        case 1:
            bytes.erase(at, 1 + below(16));
            break;
        case 2:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1u << below(8)));
            break;
        case 3: // a piece of itself again
            bytes.insert(at, bytes.substr(below(bytes.size() + 1), below(64)));
            break;
        case 4: // a piece of another input
        {
            const Bytes& other = m_corpus[below(m_corpus.size())];
            bytes.insert(at, other.substr(below(other.size() + 1), below(256)));
        } break;
        default:
            bytes.resize(at);
        }
    }

    const std::vector<Bytes>& m_corpus;
    std::mt19937 m_random;
};

void run(const Bytes& bytes)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

} // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> folders;
    unsigned long runs = 20000, seed = 1;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if ((word == "--runs" || word == "--seed") && i + 1 < argc)
            (word == "--runs" ? runs : seed) = std::strtoul(argv[++i], nullptr, 10);
        else
            folders.push_back(word);
    }
    const std::vector<Bytes> corpus = readCorpus(folders);
    if (corpus.size() < 2) {
        std::fprintf(stderr, "no corpus\n");
        return 1;
    }
    for (const Bytes& bytes : corpus)
        run(bytes);
    Mutator mutator(corpus, static_cast<std::uint32_t>(seed));
    for (unsigned long i = 0; i < runs; ++i)
        run(mutator.next());
    std::printf("%zu inputs and %lu mutations\n", corpus.size(), runs);
    return 0;
}
